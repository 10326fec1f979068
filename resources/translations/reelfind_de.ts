<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>Activity</name>
    <message numerus="yes">
        <source>%Ln changed</source>
        <translation>
            <numerusform>%Ln geändert</numerusform>
            <numerusform>%Ln geändert</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln gone</source>
        <translation>
            <numerusform>%Ln verschwunden</numerusform>
            <numerusform>%Ln verschwunden</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln lines read: {name}</source>
        <translation>
            <numerusform>%Ln Zeile gelesen: {name}</numerusform>
            <numerusform>%Ln Zeilen gelesen: {name}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln moved</source>
        <translation>
            <numerusform>%Ln verschoben</numerusform>
            <numerusform>%Ln verschoben</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln new</source>
        <translation>
            <numerusform>%Ln neu</numerusform>
            <numerusform>%Ln neu</numerusform>
        </translation>
    </message>
    <message>
        <source>Could not be read: {name}</source>
        <translation>Nicht lesbar: {name}</translation>
    </message>
    <message numerus="yes">
        <source>Done: %Ln videos indexed</source>
        <translation>
            <numerusform>Fertig: %Ln Video indexiert</numerusform>
            <numerusform>Fertig: %Ln Videos indexiert</numerusform>
        </translation>
    </message>
    <message>
        <source>First look at new videos</source>
        <translation>Erster Blick auf neue Videos</translation>
    </message>
    <message>
        <source>Indexed: {name}</source>
        <translation>Indexiert: {name}</translation>
    </message>
    <message>
        <source>Indexing pictures</source>
        <translation>Bilder werden indexiert</translation>
    </message>
    <message>
        <source>Listening to speech</source>
        <translation>Sprache wird gehört</translation>
    </message>
    <message>
        <source>Now using {model}</source>
        <translation>Jetzt wird {model} verwendet</translation>
    </message>
    <message>
        <source>Only partly readable: {name}</source>
        <translation>Nur teilweise lesbar: {name}</translation>
    </message>
    <message>
        <source>Preparing {model}</source>
        <translation>{model} wird vorbereitet</translation>
    </message>
    <message>
        <source>Reading subtitles</source>
        <translation>Untertitel werden gelesen</translation>
    </message>
    <message>
        <source>Reading text in pictures</source>
        <translation>Text in Bildern wird gelesen</translation>
    </message>
    <message>
        <source>Reading words</source>
        <translation>Wörter werden gelesen</translation>
    </message>
    <message>
        <source>Refining new videos</source>
        <translation>Neue Videos werden verfeinert</translation>
    </message>
    <message>
        <source>Waiting for power</source>
        <translation>Wartet auf Netzstrom</translation>
    </message>
    <message>
        <source>Waiting until {time}</source>
        <translation>Wartet bis {time}</translation>
    </message>
    <message>
        <source>Words could not be read: {name}</source>
        <translation>Wörter nicht lesbar: {name}</translation>
    </message>
    <message>
        <source>{name} is a copy of {original}</source>
        <translation>{name} ist eine Kopie von {original}</translation>
    </message>
    <message>
        <source>{n} of {m}</source>
        <translation>{n} von {m}</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>noch {time}</translation>
    </message>
</context>
<context>
    <name>ActivityPage</name>
    <message>
        <source>Activity</source>
        <translation>Aktivität</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
    <message>
        <source>Copy last lines</source>
        <translation>Letzte Zeilen kopieren</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Nothing has happened since Reelfind was started.</source>
        <translation>Seit dem Start von Reelfind ist nichts geschehen.</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Jetzt</translation>
    </message>
    <message>
        <source>Open log folder</source>
        <translation>Protokollordner öffnen</translation>
    </message>
    <message>
        <source>Problems · {count}</source>
        <translation>Probleme · {count}</translation>
    </message>
    <message>
        <source>Recent events</source>
        <translation>Letzte Ereignisse</translation>
    </message>
    <message>
        <source>The log holds errors with the names of files they are about. It stays on this computer. Copied lines name your home folder “~”.</source>
        <translation>Das Protokoll enthält Fehler mit den Namen der betroffenen Dateien. Es bleibt auf diesem Computer. Kopierte Zeilen nennen Ihren persönlichen Ordner „~“.</translation>
    </message>
    <message>
        <source>The log is empty</source>
        <translation>Das Protokoll ist leer</translation>
    </message>
</context>
<context>
    <name>AddAnotherDialog</name>
    <message>
        <source>A folder…</source>
        <translation>Ein Ordner …</translation>
    </message>
    <message>
        <source>A repository’s name is the owner’s, a slash, and its own.</source>
        <translation>Der Name eines Repositorys besteht aus dem des Besitzers, einem Schrägstrich und seinem eigenen.</translation>
    </message>
    <message>
        <source>A zip file…</source>
        <translation>Eine ZIP-Datei …</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Add a model from a folder</source>
        <translation>Modell aus einem Ordner hinzufügen</translation>
    </message>
    <message>
        <source>Add a model from a zip file</source>
        <translation>Modell aus einer ZIP-Datei hinzufügen</translation>
    </message>
    <message>
        <source>Add another model</source>
        <translation>Weiteres Modell hinzufügen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen …</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>Wird angesehen …</translation>
    </message>
    <message>
        <source>Name a repository of Hugging Face with an ONNX export of a CLIP model, or choose or drop a folder or a zip file. It is checked before it can be used.</source>
        <translation>Nennen Sie ein Repository von Hugging Face mit dem ONNX-Export eines CLIP-Modells, oder wählen Sie einen Ordner oder eine ZIP-Datei aus oder ziehen Sie sie hierher. Das Modell wird geprüft, bevor es verwendet werden kann.</translation>
    </message>
    <message>
        <source>Repository, folder or zip file</source>
        <translation>Repository, Ordner oder ZIP-Datei</translation>
    </message>
    <message>
        <source>What it needs of this repository is downloaded; nothing of yours is sent.</source>
        <translation>Aus diesem Repository wird geladen, was nötig ist; von Ihnen wird nichts gesendet.</translation>
    </message>
    <message>
        <source>Zip files (*.zip)</source>
        <translation>ZIP-Dateien (*.zip)</translation>
    </message>
    <message>
        <source>owner/name</source>
        <translation>besitzer/name</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>And {n} more.</source>
        <translation>Und {n} weitere.</translation>
    </message>
</context>
<context>
    <name>CardWords</name>
    <message numerus="yes">
        <source>%Ln moments in this video</source>
        <translation>
            <numerusform>%Ln Moment in diesem Video</numerusform>
            <numerusform>%Ln Momente in diesem Video</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>+%Ln copies</source>
        <translation>
            <numerusform>+%Ln Kopie</numerusform>
            <numerusform>+%Ln Kopien</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>+%Ln moments</source>
        <translation>
            <numerusform>+%Ln Moment</numerusform>
            <numerusform>+%Ln Momente</numerusform>
        </translation>
    </message>
    <message>
        <source>Named: “{quote}”</source>
        <translation>Im Namen: „{quote}“</translation>
    </message>
    <message>
        <source>Said: “{quote}”</source>
        <translation>Gesagt: „{quote}“</translation>
    </message>
    <message>
        <source>The same video is also here:</source>
        <translation>Dasselbe Video liegt auch hier:</translation>
    </message>
    <message>
        <source>Written: “{quote}”</source>
        <translation>Im Bild geschrieben: „{quote}“</translation>
    </message>
    <message>
        <source>favourite</source>
        <translation>Favorit</translation>
    </message>
    <message>
        <source>less likely</source>
        <translation>weniger wahrscheinlich</translation>
    </message>
    <message>
        <source>named</source>
        <translation>benannt</translation>
    </message>
    <message>
        <source>said</source>
        <translation>gesagt</translation>
    </message>
    <message>
        <source>seen</source>
        <translation>gesehen</translation>
    </message>
    <message>
        <source>written</source>
        <translation>geschrieben</translation>
    </message>
    <message>
        <source>{name} at {time}</source>
        <translation>{name} bei {time}</translation>
    </message>
    <message>
        <source>{name} at {time}, match {match}</source>
        <translation>{name} bei {time}, Übereinstimmung {match}</translation>
    </message>
    <message>
        <source>{start} – {end}</source>
        <translation>{start} – {end}</translation>
    </message>
    <message>
        <source>{start} – {end} · match {match}</source>
        <translation>{start} – {end} · Übereinstimmung {match}</translation>
    </message>
    <message>
        <source>… and {count} more</source>
        <translation>… und {count} weitere</translation>
    </message>
</context>
<context>
    <name>ChipField</name>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove “{name}”</source>
        <translation>„{name}“ entfernen</translation>
    </message>
</context>
<context>
    <name>ClearableRow</name>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
</context>
<context>
    <name>Command</name>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy the command</source>
        <translation>Befehl kopieren</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Commands</source>
        <translation>Befehle</translation>
    </message>
    <message>
        <source>Find a command</source>
        <translation>Befehl suchen</translation>
    </message>
    <message>
        <source>No command fits. Try another word.</source>
        <translation>Kein Befehl passt. Versuchen Sie ein anderes Wort.</translation>
    </message>
    <message>
        <source>What would you like to do?</source>
        <translation>Was möchten Sie tun?</translation>
    </message>
</context>
<context>
    <name>CropArea</name>
    <message>
        <source>From {left} to {right} across and {top} to {bottom} down</source>
        <translation>Von {left} bis {right} quer und {top} bis {bottom} hoch</translation>
    </message>
    <message>
        <source>Part of the picture</source>
        <translation>Teil des Bildes</translation>
    </message>
</context>
<context>
    <name>CropDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Choose a part of the picture</source>
        <translation>Teil des Bildes wählen</translation>
    </message>
    <message>
        <source>Drag a rectangle. Arrow keys move it; with Shift they change its size.</source>
        <translation>Ziehen Sie ein Rechteck auf. Die Pfeiltasten verschieben es; mit Umschalt ändern sie seine Größe.</translation>
    </message>
    <message>
        <source>Use the whole picture</source>
        <translation>Ganzes Bild verwenden</translation>
    </message>
    <message>
        <source>Use this part</source>
        <translation>Diesen Teil verwenden</translation>
    </message>
</context>
<context>
    <name>DesktopFlow</name>
    <message numerus="yes">
        <source>%Ln videos can be searched now.</source>
        <translation>
            <numerusform>%Ln Video kann jetzt durchsucht werden.</numerusform>
            <numerusform>%Ln Videos können jetzt durchsucht werden.</numerusform>
        </translation>
    </message>
    <message>
        <source>Find a command…</source>
        <translation>Befehl suchen …</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Indexing is done</source>
        <translation>Die Indexierung ist fertig</translation>
    </message>
    <message>
        <source>Indexing stopped</source>
        <translation>Die Indexierung wurde abgebrochen</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Search in “{name}”</source>
        <translation>In „{name}“ suchen</translation>
    </message>
</context>
<context>
    <name>Divider</name>
    <message>
        <source>Hide less likely results</source>
        <translation>Weniger wahrscheinliche Treffer ausblenden</translation>
    </message>
    <message>
        <source>Hide them</source>
        <translation>Ausblenden</translation>
    </message>
    <message>
        <source>Less likely</source>
        <translation>Weniger wahrscheinlich</translation>
    </message>
    <message numerus="yes">
        <source>Show %Ln less likely</source>
        <translation>
            <numerusform>%Ln weniger wahrscheinlichen zeigen</numerusform>
            <numerusform>%Ln weniger wahrscheinliche zeigen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Dropdown</name>
    <message>
        <source>Suggestions</source>
        <translation>Vorschläge</translation>
    </message>
</context>
<context>
    <name>DuplicateTile</name>
    <message>
        <source>Compared with it: {differences}.</source>
        <translation>Im Vergleich dazu: {differences}.</translation>
    </message>
    <message>
        <source>Hidden from searches</source>
        <translation>Aus Suchen ausgeblendet</translation>
    </message>
    <message>
        <source>Hide {name} from searches</source>
        <translation>{name} aus Suchen ausblenden</translation>
    </message>
    <message>
        <source>Let searches find {name} again</source>
        <translation>{name} wieder finden lassen</translation>
    </message>
    <message>
        <source>Play {name}</source>
        <translation>{name} abspielen</translation>
    </message>
    <message>
        <source>Show {name} in its folder</source>
        <translation>{name} in seinem Ordner zeigen</translation>
    </message>
    <message>
        <source>The longest of them.</source>
        <translation>Das längste von ihnen.</translation>
    </message>
    <message>
        <source>The same file is also here:</source>
        <translation>Dieselbe Datei liegt auch hier:</translation>
    </message>
    <message>
        <source>There is no other difference.</source>
        <translation>Sonst gibt es keinen Unterschied.</translation>
    </message>
    <message>
        <source>{start} – {end} is in the first one too: {share} of the shorter video.</source>
        <translation>{start} – {end} ist auch im ersten: {share} des kürzeren Videos.</translation>
    </message>
    <message numerus="yes">
        <source>… and %Ln more</source>
        <translation>
            <numerusform>… und %Ln weiteres</numerusform>
            <numerusform>… und %Ln weitere</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Duplicates</name>
    <message>
        <source>cannot be reached now</source>
        <translation>jetzt nicht erreichbar</translation>
    </message>
    <message>
        <source>higher resolution</source>
        <translation>höhere Auflösung</translation>
    </message>
    <message>
        <source>larger file</source>
        <translation>größere Datei</translation>
    </message>
    <message>
        <source>longer</source>
        <translation>länger</translation>
    </message>
    <message>
        <source>lower resolution</source>
        <translation>niedrigere Auflösung</translation>
    </message>
    <message>
        <source>newer</source>
        <translation>neuer</translation>
    </message>
    <message>
        <source>not connected now</source>
        <translation>jetzt nicht angeschlossen</translation>
    </message>
    <message>
        <source>older</source>
        <translation>älter</translation>
    </message>
    <message>
        <source>shorter</source>
        <translation>kürzer</translation>
    </message>
    <message>
        <source>smaller file</source>
        <translation>kleinere Datei</translation>
    </message>
</context>
<context>
    <name>DuplicatesPage</name>
    <message numerus="yes">
        <source>%Ln groups of videos share content.</source>
        <translation>
            <numerusform>%Ln Gruppe von Videos mit gemeinsamem Inhalt.</numerusform>
            <numerusform>%Ln Gruppen von Videos mit gemeinsamem Inhalt.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln identical files</source>
        <translation>
            <numerusform>%Ln identische Datei</numerusform>
            <numerusform>%Ln identische Dateien</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln videos share content</source>
        <translation>
            <numerusform>%Ln Video mit gemeinsamem Inhalt</numerusform>
            <numerusform>%Ln Videos mit gemeinsamem Inhalt</numerusform>
        </translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>Abgebrochen.</translation>
    </message>
    <message>
        <source>Compared is what is seen, whatever the size, bars, colours and format. No file is deleted: hide the ones you do not want to find, or open their folders.</source>
        <translation>Verglichen wird, was zu sehen ist, gleich in welcher Größe, mit welchen Balken, Farben und Formaten. Keine Datei wird gelöscht: Blenden Sie aus, was Sie nicht finden möchten, oder öffnen Sie die Ordner.</translation>
    </message>
    <message>
        <source>Comparing every video with every other</source>
        <translation>Jedes Video wird mit jedem anderen verglichen</translation>
    </message>
    <message>
        <source>Duplicates</source>
        <translation>Duplikate</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>Erneut suchen</translation>
    </message>
    <message>
        <source>Looking for videos that share content</source>
        <translation>Videos mit gemeinsamem Inhalt werden gesucht</translation>
    </message>
    <message>
        <source>No two videos of your library share content.</source>
        <translation>Keine zwei Videos Ihrer Bibliothek haben gemeinsamen Inhalt.</translation>
    </message>
    <message numerus="yes">
        <source>… and %Ln more groups</source>
        <translation>
            <numerusform>… und %Ln weitere Gruppe</numerusform>
            <numerusform>… und %Ln weitere Gruppen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Elsewhere</name>
    <message>
        <source>Reelfind · {server}</source>
        <translation>Reelfind · {server}</translation>
    </message>
</context>
<context>
    <name>Empty</name>
    <message>
        <source>No videos here yet</source>
        <translation>Hier sind noch keine Videos</translation>
    </message>
    <message>
        <source>Nothing found for “{query}”</source>
        <translation>Nichts gefunden zu „{query}“</translation>
    </message>
    <message>
        <source>The server has no video that can be searched.</source>
        <translation>Auf dem Server gibt es kein Video, das sich durchsuchen lässt.</translation>
    </message>
    <message>
        <source>There is no video in your folders that can be searched. Add another folder, or put videos into one: new files are found by themselves.</source>
        <translation>In Ihren Ordnern ist kein Video, das durchsucht werden kann. Fügen Sie einen weiteren Ordner hinzu oder legen Sie Videos in einen hinein: Neue Dateien werden von selbst gefunden.</translation>
    </message>
    <message>
        <source>Try fewer or other words, or search in all folders.</source>
        <translation>Versuchen Sie weniger oder andere Wörter, oder suchen Sie in allen Ordnern.</translation>
    </message>
</context>
<context>
    <name>EncoderRow</name>
    <message>
        <source>A faster computer in your network can look at the frames. Run “reelfind serve-encoder” there, and enter the address and token that it prints. Only frames to be indexed are sent.</source>
        <translation>Ein schnellerer Computer in Ihrem Netz kann die Bilder ansehen. Starten Sie dort „reelfind serve-encoder“, und tragen Sie Adresse und Token ein, die es ausgibt. Gesendet werden nur Bilder, die indexiert werden.</translation>
    </message>
    <message>
        <source>Address of the other computer</source>
        <translation>Adresse des anderen Computers</translation>
    </message>
    <message>
        <source>Let another computer help</source>
        <translation>Einen anderen Computer helfen lassen</translation>
    </message>
    <message>
        <source>Test the connection to the other computer</source>
        <translation>Verbindung zum anderen Computer testen</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Token of the other computer</source>
        <translation>Token des anderen Computers</translation>
    </message>
    <message>
        <source>{name} encodes frames for this computer, with {provider}.</source>
        <translation>{name} verarbeitet Bilder für diesen Computer, mit {provider}.</translation>
    </message>
</context>
<context>
    <name>EngineButton</name>
    <message>
        <source>Answers are not re-scored. This model has a trained head for it (T-MASS).</source>
        <translation>Die Antworten werden nicht neu bewertet. Dieses Modell hat dafür einen trainierten Kopf (T-MASS).</translation>
    </message>
    <message>
        <source>Answers are not re-scored: this model has no trained head.</source>
        <translation>Die Antworten werden nicht neu bewertet: Dieses Modell hat keinen trainierten Kopf.</translation>
    </message>
    <message>
        <source>Answers are re-scored with the model&apos;s trained head (T-MASS).</source>
        <translation>Die Antworten werden mit dem trainierten Kopf des Modells neu bewertet (T-MASS).</translation>
    </message>
    <message>
        <source>Best frame</source>
        <translation>Bestes Bild</translation>
    </message>
    <message>
        <source>Choose the model and how answers are ranked</source>
        <translation>Modell und Rangfolge der Antworten wählen</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>Wird geladen …</translation>
    </message>
    <message>
        <source>Mean and variance (CRET)</source>
        <translation>Mittel und Varianz (CRET)</translation>
    </message>
    <message>
        <source>Mean of the frames</source>
        <translation>Mittel der Bilder</translation>
    </message>
    <message>
        <source>Model: {model}</source>
        <translation>Modell: {model}</translation>
    </message>
    <message>
        <source>Models…</source>
        <translation>Modelle …</translation>
    </message>
    <message>
        <source>Plain pooling</source>
        <translation>Einfaches Mitteln</translation>
    </message>
    <message>
        <source>Re-score with T-MASS</source>
        <translation>Neu bewerten mit T-MASS</translation>
    </message>
    <message>
        <source>Soft maximum</source>
        <translation>Weiches Maximum</translation>
    </message>
    <message>
        <source>Three best frames</source>
        <translation>Drei beste Bilder</translation>
    </message>
    <message>
        <source>{model} (preparing)</source>
        <translation>{model} (wird vorbereitet)</translation>
    </message>
    <message>
        <source>{model} runs on {provider}.</source>
        <translation>{model} läuft auf {provider}.</translation>
    </message>
</context>
<context>
    <name>EntryModel</name>
    <message numerus="yes">
        <source>%Ln new</source>
        <translation>
            <numerusform>%Ln neu</numerusform>
            <numerusform>%Ln neu</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln new matches</source>
        <translation>
            <numerusform>%Ln neuer Treffer</numerusform>
            <numerusform>%Ln neue Treffer</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln videos and moments</source>
        <translation>
            <numerusform>%Ln Video oder Moment</numerusform>
            <numerusform>%Ln Videos und Momente</numerusform>
        </translation>
    </message>
    <message>
        <source>{name}, {matches}</source>
        <translation>{name}, {matches}</translation>
    </message>
    <message>
        <source>{name}, {things}</source>
        <translation>{name}, {things}</translation>
    </message>
</context>
<context>
    <name>ErrorDialog</name>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Open log</source>
        <translation>Protokoll öffnen</translation>
    </message>
    <message>
        <source>Reelfind</source>
        <translation>Reelfind</translation>
    </message>
    <message>
        <source>Something went wrong in Reelfind</source>
        <translation>In Reelfind ist etwas schiefgegangen</translation>
    </message>
    <message>
        <source>Your videos and what was indexed are not affected, and Reelfind goes on. If something does not work as it should, close Reelfind and open it again.</source>
        <translation>Ihre Videos und der Index sind nicht betroffen, und Reelfind läuft weiter. Wenn etwas nicht so funktioniert, wie es sollte, schließen Sie Reelfind und öffnen Sie es wieder.</translation>
    </message>
    <message>
        <source>{text} This happened {n} times.</source>
        <translation>{text} Das ist {n}-mal geschehen.</translation>
    </message>
</context>
<context>
    <name>EventList</name>
    <message>
        <source>Recent events</source>
        <translation>Letzte Ereignisse</translation>
    </message>
</context>
<context>
    <name>Evidence</name>
    <message>
        <source>In its name: “{quote}”</source>
        <translation>In seinem Namen: „{quote}“</translation>
    </message>
    <message>
        <source>Not seen: {text}, {percent} sure</source>
        <translation>Nicht gesehen: {text}, zu {percent} sicher</translation>
    </message>
    <message>
        <source>Said: “{quote}”</source>
        <translation>Gesagt: „{quote}“</translation>
    </message>
    <message>
        <source>Seen: {text}, {percent} sure</source>
        <translation>Gesehen: {text}, zu {percent} sicher</translation>
    </message>
    <message>
        <source>Written in the picture: “{quote}”</source>
        <translation>Im Bild geschrieben: „{quote}“</translation>
    </message>
</context>
<context>
    <name>ExcludeRow</name>
    <message>
        <source>Apply</source>
        <translation>Übernehmen</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Files and folders that match are not indexed. One pattern a line, as in a .gitignore file: *.tmp, Archive/, /2019/*</source>
        <translation>Dateien und Ordner, die passen, werden nicht indexiert. Ein Muster je Zeile, wie in einer .gitignore-Datei: *.tmp, Archive/, /2019/*</translation>
    </message>
    <message>
        <source>Leave out</source>
        <translation>Auslassen</translation>
    </message>
    <message numerus="yes">
        <source>Leaves out %Ln video(s) of this library:</source>
        <translation>
            <numerusform>Lässt %Ln Video dieser Bibliothek aus:</numerusform>
            <numerusform>Lässt %Ln Videos dieser Bibliothek aus:</numerusform>
        </translation>
    </message>
    <message>
        <source>No video of this library matches.</source>
        <translation>Kein Video dieser Bibliothek passt.</translation>
    </message>
    <message>
        <source>Nothing is left out.</source>
        <translation>Nichts wird ausgelassen.</translation>
    </message>
    <message>
        <source>Patterns to leave out</source>
        <translation>Muster zum Auslassen</translation>
    </message>
    <message numerus="yes">
        <source>… and %Ln more</source>
        <translation>
            <numerusform>… und %Ln weiteres</numerusform>
            <numerusform>… und %Ln weitere</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExportChoices</name>
    <message>
        <source>A small picture of each moment that moves, without sound. At most 30 seconds.</source>
        <translation>Ein kleines bewegtes Bild von jedem Moment, ohne Ton. Höchstens 30 Sekunden.</translation>
    </message>
    <message>
        <source>A video of each moment.</source>
        <translation>Ein Video von jedem Moment.</translation>
    </message>
    <message>
        <source>Animations</source>
        <translation>Animationen</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>Wie es ist</translation>
    </message>
    <message>
        <source>CSV</source>
        <translation>CSV</translation>
    </message>
    <message>
        <source>Clips</source>
        <translation>Clips</translation>
    </message>
    <message>
        <source>Contact sheet</source>
        <translation>Kontaktabzug</translation>
    </message>
    <message>
        <source>DaVinci Resolve, Premiere Pro 25.2 and later.</source>
        <translation>DaVinci Resolve, Premiere Pro ab 25.2.</translation>
    </message>
    <message>
        <source>EDL</source>
        <translation>EDL</translation>
    </message>
    <message>
        <source>Exact start and end</source>
        <translation>Genauer Anfang und genaues Ende</translation>
    </message>
    <message>
        <source>FCPXML</source>
        <translation>FCPXML</translation>
    </message>
    <message>
        <source>Final Cut Pro, DaVinci Resolve.</source>
        <translation>Final Cut Pro, DaVinci Resolve.</translation>
    </message>
    <message>
        <source>For scripts.</source>
        <translation>Für Skripte.</translation>
    </message>
    <message>
        <source>For spreadsheets.</source>
        <translation>Für Tabellenprogramme.</translation>
    </message>
    <message>
        <source>Frames with their times on one picture.</source>
        <translation>Bilder mit ihren Zeiten auf einem Blatt.</translation>
    </message>
    <message>
        <source>GIF</source>
        <translation>GIF</translation>
    </message>
    <message>
        <source>JPEG</source>
        <translation>JPEG</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
    <message>
        <source>Large files without loss.</source>
        <translation>Große Dateien ohne Verlust.</translation>
    </message>
    <message>
        <source>Nearly every editing program; cuts only.</source>
        <translation>Fast jedes Schnittprogramm; nur Schnitte.</translation>
    </message>
    <message>
        <source>OpenTimelineIO</source>
        <translation>OpenTimelineIO</translation>
    </message>
    <message>
        <source>PNG</source>
        <translation>PNG</translation>
    </message>
    <message>
        <source>Plays everywhere, with 256 colours.</source>
        <translation>Läuft überall, mit 256 Farben.</translation>
    </message>
    <message>
        <source>Premiere Pro, DaVinci Resolve.</source>
        <translation>Premiere Pro, DaVinci Resolve.</translation>
    </message>
    <message>
        <source>Premiere XML</source>
        <translation>Premiere XML</translation>
    </message>
    <message>
        <source>Quick and without loss. A clip may begin a few seconds early, at the nearest place where the video can be cut.</source>
        <translation>Schnell und ohne Verlust. Ein Clip kann einige Sekunden früher beginnen, an der nächsten Stelle, an der sich das Video schneiden lässt.</translation>
    </message>
    <message>
        <source>Several frames of a single moment, or the best frame of each.</source>
        <translation>Mehrere Bilder eines einzelnen Moments, oder das beste Bild von jedem.</translation>
    </message>
    <message>
        <source>Small files that open everywhere.</source>
        <translation>Kleine Dateien, die sich überall öffnen lassen.</translation>
    </message>
    <message>
        <source>Smaller, with all colours.</source>
        <translation>Kleiner, mit allen Farben.</translation>
    </message>
    <message>
        <source>Stills</source>
        <translation>Standbilder</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>Tabelle</translation>
    </message>
    <message>
        <source>The best frame of each moment in full size.</source>
        <translation>Das beste Bild jedes Moments in voller Größe.</translation>
    </message>
    <message>
        <source>The moments in order, with sound, for an editing program. No video is copied.</source>
        <translation>Die Momente der Reihe nach, mit Ton, für ein Schnittprogramm. Kein Video wird kopiert.</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>Zeitleiste</translation>
    </message>
    <message>
        <source>To the frame. Takes longer: the picture is encoded again.</source>
        <translation>Auf das Bild genau. Dauert länger: Das Bild wird neu kodiert.</translation>
    </message>
    <message>
        <source>WebP</source>
        <translation>WebP</translation>
    </message>
    <message>
        <source>Where the moments are: file, start and end, and why they were found.</source>
        <translation>Wo die Momente sind: Datei, Anfang und Ende, und warum sie gefunden wurden.</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message numerus="yes">
        <source>Export %Ln moments</source>
        <translation>
            <numerusform>%Ln Moment exportieren</numerusform>
            <numerusform>%Ln Momente exportieren</numerusform>
        </translation>
    </message>
    <message>
        <source>Export to</source>
        <translation>Exportieren nach</translation>
    </message>
    <message numerus="yes">
        <source>Exporting %Ln moments</source>
        <translation>
            <numerusform>%Ln Moment wird exportiert</numerusform>
            <numerusform>%Ln Momente werden exportiert</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing was exported</source>
        <translation>Nichts wurde exportiert</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Startet …</translation>
    </message>
    <message>
        <source>You can close this window: the export goes on.</source>
        <translation>Sie können dieses Fenster schließen: Der Export läuft weiter.</translation>
    </message>
</context>
<context>
    <name>ExportFlow</name>
    <message numerus="yes">
        <source>%Ln moments could not be exported</source>
        <translation>
            <numerusform>%Ln Moment konnte nicht exportiert werden</numerusform>
            <numerusform>%Ln Momente konnten nicht exportiert werden</numerusform>
        </translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Exporting…</source>
        <translation>Wird exportiert …</translation>
    </message>
    <message>
        <source>Show the export</source>
        <translation>Export zeigen</translation>
    </message>
    <message>
        <source>Stop the export</source>
        <translation>Export anhalten</translation>
    </message>
</context>
<context>
    <name>ExportForm</name>
    <message>
        <source> per second</source>
        <translation> pro Sekunde</translation>
    </message>
    <message>
        <source> pixels</source>
        <translation> Pixel</translation>
    </message>
    <message>
        <source> s</source>
        <translation>s</translation>
    </message>
    <message>
        <source>Choose the folder to export to</source>
        <translation>Ordner für den Export wählen</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen …</translation>
    </message>
    <message>
        <source>Longer side</source>
        <translation>Längere Seite</translation>
    </message>
    <message>
        <source>More before and after</source>
        <translation>Mehr davor und danach</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Pictures per second</source>
        <translation>Bilder pro Sekunde</translation>
    </message>
    <message>
        <source>Seconds before and after</source>
        <translation>Sekunden davor und danach</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Nach</translation>
    </message>
    <message>
        <source>What to export</source>
        <translation>Was exportiert wird</translation>
    </message>
</context>
<context>
    <name>ExportNote</name>
    <message>
        <source>Exporting {percent}</source>
        <translation>Export: {percent}</translation>
    </message>
    <message>
        <source>Show the export</source>
        <translation>Export zeigen</translation>
    </message>
    <message>
        <source>Stop the export</source>
        <translation>Export anhalten</translation>
    </message>
</context>
<context>
    <name>ExportOutcome</name>
    <message numerus="yes">
        <source>%Ln moments could not be exported:</source>
        <translation>
            <numerusform>%Ln Moment konnte nicht exportiert werden:</numerusform>
            <numerusform>%Ln Momente konnten nicht exportiert werden:</numerusform>
        </translation>
    </message>
    <message>
        <source>And {n} more.</source>
        <translation>Und {n} weitere.</translation>
    </message>
    <message>
        <source>What was exported</source>
        <translation>Was exportiert wurde</translation>
    </message>
</context>
<context>
    <name>ExportWords</name>
    <message numerus="yes">
        <source>%Ln files</source>
        <translation>
            <numerusform>%Ln Datei</numerusform>
            <numerusform>%Ln Dateien</numerusform>
        </translation>
    </message>
    <message>
        <source>About {needed} · {free} free</source>
        <translation>Etwa {needed} · {free} frei</translation>
    </message>
    <message>
        <source>Clips begin up to {time} early. For exact clips, choose “Exact start and end”.</source>
        <translation>Clips beginnen bis zu {time} früher. Für genaue Clips wählen Sie „Genauer Anfang und genaues Ende“.</translation>
    </message>
    <message>
        <source>Export stopped</source>
        <translation>Export angehalten</translation>
    </message>
    <message>
        <source>Exported</source>
        <translation>Exportiert</translation>
    </message>
    <message>
        <source>Not enough space: needs about {needed}, {free} free.</source>
        <translation>Nicht genug Platz: braucht etwa {needed}, {free} frei.</translation>
    </message>
    <message>
        <source>Nothing was exported</source>
        <translation>Nichts wurde exportiert</translation>
    </message>
    <message>
        <source>This folder cannot be used. Choose another one.</source>
        <translation>Dieser Ordner kann nicht verwendet werden. Wählen Sie einen anderen.</translation>
    </message>
    <message>
        <source>{files} in {folder}</source>
        <translation>{files} in {folder}</translation>
    </message>
    <message>
        <source>{n} of {m}</source>
        <translation>{n} von {m}</translation>
    </message>
</context>
<context>
    <name>FilterPanel</name>
    <message>
        <source>Any</source>
        <translation>Beliebig</translation>
    </message>
    <message>
        <source>At least</source>
        <translation>Mindestens</translation>
    </message>
    <message>
        <source>At most</source>
        <translation>Höchstens</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Vor</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>Filter löschen</translation>
    </message>
    <message>
        <source>Collection</source>
        <translation>Sammlung</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Favourites only</source>
        <translation>Nur Favoriten</translation>
    </message>
    <message>
        <source>File type</source>
        <translation>Dateityp</translation>
    </message>
    <message>
        <source>Filters</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>Next step within</source>
        <translation>Nächster Schritt innerhalb von</translation>
    </message>
    <message>
        <source>Not in the picture</source>
        <translation>Nicht im Bild</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Ort</translation>
    </message>
    <message>
        <source>Resolution</source>
        <translation>Auflösung</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>Form</translation>
    </message>
    <message>
        <source>Tag</source>
        <translation>Schlagwort</translation>
    </message>
    <message>
        <source>Words in the picture</source>
        <translation>Wörter im Bild</translation>
    </message>
    <message>
        <source>Words of the file’s name</source>
        <translation>Wörter des Dateinamens</translation>
    </message>
    <message>
        <source>Words that are said</source>
        <translation>Gesprochene Wörter</translation>
    </message>
    <message>
        <source>cars, people</source>
        <translation>Autos, Menschen</translation>
    </message>
</context>
<context>
    <name>FolderDialog</name>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Add folders of videos</source>
        <translation>Ordner mit Videos hinzufügen</translation>
    </message>
</context>
<context>
    <name>FolderModel</name>
    <message numerus="yes">
        <source>%Ln folders in it cannot be opened.</source>
        <translation>
            <numerusform>%Ln Ordner darin lässt sich nicht öffnen.</numerusform>
            <numerusform>%Ln Ordner darin lassen sich nicht öffnen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln videos</source>
        <translation>
            <numerusform>%Ln Video</numerusform>
            <numerusform>%Ln Videos</numerusform>
        </translation>
    </message>
    <message>
        <source>All folders</source>
        <translation>Alle Ordner</translation>
    </message>
    <message>
        <source>Cannot be opened · {videos}</source>
        <translation>Nicht zu öffnen · {videos}</translation>
    </message>
    <message>
        <source>Not connected · {videos}</source>
        <translation>Nicht angeschlossen · {videos}</translation>
    </message>
    <message>
        <source>Partly closed · {videos}</source>
        <translation>Teilweise gesperrt · {videos}</translation>
    </message>
    <message>
        <source>Waiting…</source>
        <translation>Wartet …</translation>
    </message>
    <message>
        <source>{done} of {videos}</source>
        <translation>{done} von {videos}</translation>
    </message>
</context>
<context>
    <name>FolderPanel</name>
    <message>
        <source>Add folder…</source>
        <translation>Ordner hinzufügen …</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Its moments will no longer be found. No video file is touched; you can add the folder again.</source>
        <translation>Seine Momente werden nicht mehr gefunden. Keine Videodatei wird angetastet; Sie können den Ordner wieder hinzufügen.</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Look through again</source>
        <translation>Erneut durchsehen</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Reelfind</source>
        <translation>Reelfind</translation>
    </message>
    <message>
        <source>Remove folder</source>
        <translation>Ordner entfernen</translation>
    </message>
    <message>
        <source>Remove from Reelfind</source>
        <translation>Aus Reelfind entfernen</translation>
    </message>
    <message>
        <source>Remove from Reelfind…</source>
        <translation>Aus Reelfind entfernen …</translation>
    </message>
    <message>
        <source>Remove “{name}” from Reelfind?</source>
        <translation>„{name}“ aus Reelfind entfernen?</translation>
    </message>
    <message>
        <source>Search in this folder</source>
        <translation>In diesem Ordner suchen</translation>
    </message>
    <message>
        <source>Side panel</source>
        <translation>Seitenleiste</translation>
    </message>
</context>
<context>
    <name>FolderRow</name>
    <message numerus="yes">
        <source>%Ln problems</source>
        <translation>
            <numerusform>%Ln Problem</numerusform>
            <numerusform>%Ln Probleme</numerusform>
        </translation>
    </message>
    <message>
        <source>Look through this folder again</source>
        <translation>Diesen Ordner erneut durchsehen</translation>
    </message>
    <message>
        <source>Progress of {name}</source>
        <translation>Fortschritt von {name}</translation>
    </message>
    <message>
        <source>not connected</source>
        <translation>nicht angeschlossen</translation>
    </message>
    <message>
        <source>{done} of {all}</source>
        <translation>{done} von {all}</translation>
    </message>
</context>
<context>
    <name>Formatting</name>
    <message>
        <source>{hours} h</source>
        <translation>{hours} Std.</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation>{hours} Std. {minutes} Min.</translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation>{minutes} Min.</translation>
    </message>
    <message>
        <source>{number} %</source>
        <translation>{number} %</translation>
    </message>
    <message>
        <source>{number} frames/s</source>
        <translation>{number} Bilder/s</translation>
    </message>
    <message>
        <source>{number}× real time</source>
        <translation>{number}× Echtzeit</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} s</translation>
    </message>
</context>
<context>
    <name>GroupHeading</name>
    <message>
        <source>Try these again</source>
        <translation>Diese erneut versuchen</translation>
    </message>
    <message>
        <source>Try these again: {group}</source>
        <translation>Diese erneut versuchen: {group}</translation>
    </message>
</context>
<context>
    <name>HoursField</name>
    <message>
        <source>At any time</source>
        <translation>Jederzeit</translation>
    </message>
    <message>
        <source>Between</source>
        <translation>Zwischen</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>Bis</translation>
    </message>
</context>
<context>
    <name>InstalledRow</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancel the switch to {model}</source>
        <translation>Wechsel zu {model} abbrechen</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>In Gebrauch</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Nicht jetzt</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove {model}</source>
        <translation>{model} entfernen</translation>
    </message>
    <message>
        <source>Remove {model} from this computer? That frees {size}. To use it again it has to be added again, and your videos re-indexed.</source>
        <translation>{model} von diesem Computer entfernen? Das gibt {size} frei. Um es wieder zu nutzen, muss es neu hinzugefügt und Ihre Videos müssen neu indexiert werden.</translation>
    </message>
    <message>
        <source>Switch now</source>
        <translation>Jetzt wechseln</translation>
    </message>
    <message>
        <source>Switch to {model} now</source>
        <translation>Jetzt zu {model} wechseln</translation>
    </message>
    <message>
        <source>Until then the model in use keeps answering.</source>
        <translation>Bis dahin antwortet weiter das jetzige Modell.</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>Use {model}</source>
        <translation>{model} verwenden</translation>
    </message>
    <message>
        <source>{model} is ready.</source>
        <translation>{model} ist bereit.</translation>
    </message>
</context>
<context>
    <name>KeptCommands</name>
    <message>
        <source>Collections</source>
        <translation>Sammlungen</translation>
    </message>
    <message>
        <source>Export favourites, tags and collections…</source>
        <translation>Favoriten, Schlagwörter und Sammlungen exportieren …</translation>
    </message>
    <message>
        <source>Find duplicates</source>
        <translation>Duplikate finden</translation>
    </message>
    <message>
        <source>Import favourites, tags and collections…</source>
        <translation>Favoriten, Schlagwörter und Sammlungen importieren …</translation>
    </message>
    <message>
        <source>New collection…</source>
        <translation>Neue Sammlung …</translation>
    </message>
    <message>
        <source>Show favourites</source>
        <translation>Favoriten zeigen</translation>
    </message>
    <message>
        <source>Show what is hidden</source>
        <translation>Ausgeblendetes zeigen</translation>
    </message>
    <message>
        <source>Undo the last change of marks</source>
        <translation>Letzte Änderung an Markierungen zurücknehmen</translation>
    </message>
</context>
<context>
    <name>KeptEntries</name>
    <message>
        <source>Duplicates</source>
        <translation>Duplikate</translation>
    </message>
    <message>
        <source>Favourites</source>
        <translation>Favoriten</translation>
    </message>
    <message>
        <source>Hidden</source>
        <translation>Ausgeblendet</translation>
    </message>
</context>
<context>
    <name>KeptFlow</name>
    <message>
        <source>Delete…</source>
        <translation>Löschen …</translation>
    </message>
    <message>
        <source>Everything that was hidden can be found again.</source>
        <translation>Alles Ausgeblendete wird wieder gefunden.</translation>
    </message>
    <message>
        <source>Export favourites, collections, tags and searches</source>
        <translation>Favoriten, Sammlungen, Schlagwörter und Suchen exportieren</translation>
    </message>
    <message>
        <source>Exported library (*.json)</source>
        <translation>Exportierte Bibliothek (*.json)</translation>
    </message>
    <message>
        <source>Exported.</source>
        <translation>Exportiert.</translation>
    </message>
    <message>
        <source>Import favourites, collections, tags and searches</source>
        <translation>Favoriten, Sammlungen, Schlagwörter und Suchen importieren</translation>
    </message>
    <message numerus="yes">
        <source>Imported: %Ln new things.</source>
        <translation>
            <numerusform>Importiert: %Ln Neues.</numerusform>
            <numerusform>Importiert: %Ln neue Dinge.</numerusform>
        </translation>
    </message>
    <message>
        <source>Name of the collection:</source>
        <translation>Name der Sammlung:</translation>
    </message>
    <message>
        <source>Name of the search:</source>
        <translation>Name der Suche:</translation>
    </message>
    <message>
        <source>New collection</source>
        <translation>Neue Sammlung</translation>
    </message>
    <message>
        <source>New name:</source>
        <translation>Neuer Name:</translation>
    </message>
    <message>
        <source>Reelfind library.json</source>
        <translation>Reelfind-Bibliothek.json</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Umbenennen …</translation>
    </message>
    <message>
        <source>Run this search</source>
        <translation>Diese Suche ausführen</translation>
    </message>
    <message>
        <source>Save this search</source>
        <translation>Diese Suche speichern</translation>
    </message>
    <message>
        <source>Search for something first.</source>
        <translation>Suchen Sie zuerst nach etwas.</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Show all again</source>
        <translation>Alle wieder zeigen</translation>
    </message>
    <message>
        <source>The search is saved. New matches are counted from now on.</source>
        <translation>Die Suche ist gespeichert. Neue Treffer werden ab jetzt gezählt.</translation>
    </message>
    <message>
        <source>There is no search to save.</source>
        <translation>Es gibt keine Suche zum Speichern.</translation>
    </message>
</context>
<context>
    <name>KeptQuestions</name>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Delete the collection “{name}”?</source>
        <translation>Die Sammlung „{name}“ löschen?</translation>
    </message>
    <message>
        <source>Delete the saved search “{name}”?</source>
        <translation>Die gespeicherte Suche „{name}“ löschen?</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Remove the tag “{name}” from everything?</source>
        <translation>Das Schlagwort „{name}“ überall entfernen?</translation>
    </message>
    <message>
        <source>What has this tag stays in your library.</source>
        <translation>Was dieses Schlagwort hat, bleibt in Ihrer Bibliothek.</translation>
    </message>
    <message>
        <source>What is in it stays in your library; only the collection goes.</source>
        <translation>Ihr Inhalt bleibt in der Bibliothek; nur die Sammlung verschwindet.</translation>
    </message>
    <message>
        <source>You can save the same search again at any time.</source>
        <translation>Sie können dieselbe Suche jederzeit wieder speichern.</translation>
    </message>
</context>
<context>
    <name>KeptSections</name>
    <message>
        <source>Collections</source>
        <translation>Sammlungen</translation>
    </message>
    <message>
        <source>Drag moments here, or make a collection with +.</source>
        <translation>Ziehen Sie Momente hierher, oder legen Sie mit + eine Sammlung an.</translation>
    </message>
    <message>
        <source>Export and import</source>
        <translation>Export und Import</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Bibliothek</translation>
    </message>
    <message>
        <source>New collection…</source>
        <translation>Neue Sammlung …</translation>
    </message>
    <message>
        <source>Press the star beside the search box to keep a search here.</source>
        <translation>Mit dem Stern neben dem Suchfeld speichern Sie eine Suche.</translation>
    </message>
    <message>
        <source>Saved searches</source>
        <translation>Gespeicherte Suchen</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Schlagwörter</translation>
    </message>
</context>
<context>
    <name>LibraryControl</name>
    <message>
        <source>Choose one in the menu at the bottom right.</source>
        <translation>Wählen Sie eines im Menü unten rechts.</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Reelfind</source>
        <translation>Reelfind</translation>
    </message>
</context>
<context>
    <name>MarkDialog</name>
    <message numerus="yes">
        <source>%Ln moments</source>
        <translation>
            <numerusform>%Ln Moment</numerusform>
            <numerusform>%Ln Momente</numerusform>
        </translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Collections</source>
        <translation>Sammlungen</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Shown is what all of them have; the rest stays.</source>
        <translation>Gezeigt ist, was alle haben; das Übrige bleibt.</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Schlagwörter</translation>
    </message>
    <message>
        <source>Tags and note</source>
        <translation>Schlagwörter und Notiz</translation>
    </message>
    <message>
        <source>These have different notes. What you write replaces them.</source>
        <translation>Diese haben verschiedene Notizen. Was Sie schreiben, ersetzt sie.</translation>
    </message>
    <message>
        <source>Type a collection, then press Enter</source>
        <translation>Sammlung eingeben, dann Enter drücken</translation>
    </message>
    <message>
        <source>Type a tag, then press Enter</source>
        <translation>Schlagwort eingeben, dann Enter drücken</translation>
    </message>
    <message>
        <source>{name}, {start} – {end}</source>
        <translation>{name}, {start} – {end}</translation>
    </message>
</context>
<context>
    <name>MarksFlow</name>
    <message numerus="yes">
        <source>%Ln moments added to favourites.</source>
        <translation>
            <numerusform>%Ln Moment zu den Favoriten hinzugefügt.</numerusform>
            <numerusform>%Ln Momente zu den Favoriten hinzugefügt.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln moments added to “{name}”.</source>
        <translation>
            <numerusform>%Ln Moment zu „{name}“ hinzugefügt.</numerusform>
            <numerusform>%Ln Momente zu „{name}“ hinzugefügt.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln moments can be found again.</source>
        <translation>
            <numerusform>%Ln Moment wird wieder gefunden.</numerusform>
            <numerusform>%Ln Momente werden wieder gefunden.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln moments tagged “{name}”.</source>
        <translation>
            <numerusform>%Ln Moment mit „{name}“ verschlagwortet.</numerusform>
            <numerusform>%Ln Momente mit „{name}“ verschlagwortet.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln moments taken out of favourites.</source>
        <translation>
            <numerusform>%Ln Moment aus den Favoriten genommen.</numerusform>
            <numerusform>%Ln Momente aus den Favoriten genommen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln videos hidden. Searches pass over them.</source>
        <translation>
            <numerusform>%Ln Video ausgeblendet. Suchen übergehen es.</numerusform>
            <numerusform>%Ln Videos ausgeblendet. Suchen übergehen sie.</numerusform>
        </translation>
    </message>
    <message>
        <source>Hide from searches</source>
        <translation>Aus Suchen ausblenden</translation>
    </message>
    <message>
        <source>Name of the collection:</source>
        <translation>Name der Sammlung:</translation>
    </message>
    <message>
        <source>New collection</source>
        <translation>Neue Sammlung</translation>
    </message>
    <message>
        <source>New collection…</source>
        <translation>Neue Sammlung …</translation>
    </message>
    <message>
        <source>Show again in searches</source>
        <translation>In Suchen wieder zeigen</translation>
    </message>
    <message numerus="yes">
        <source>Tags and notes of %Ln moments saved.</source>
        <translation>
            <numerusform>Schlagwörter und Notiz von %Ln Moment gespeichert.</numerusform>
            <numerusform>Schlagwörter und Notizen von %Ln Momenten gespeichert.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Tags of %Ln moments saved.</source>
        <translation>
            <numerusform>Schlagwörter von %Ln Moment gespeichert.</numerusform>
            <numerusform>Schlagwörter von %Ln Momenten gespeichert.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ModelMenu</name>
    <message>
        <source>Now using {model}</source>
        <translation>Jetzt wird {model} verwendet</translation>
    </message>
    <message>
        <source>{model} was added</source>
        <translation>{model} wurde hinzugefügt</translation>
    </message>
</context>
<context>
    <name>Models</name>
    <message>
        <source>Adding</source>
        <translation>Wird hinzugefügt</translation>
    </message>
    <message>
        <source>Adding {model}</source>
        <translation>{model} wird hinzugefügt</translation>
    </message>
    <message>
        <source>Checking and copying…</source>
        <translation>Wird geprüft und kopiert …</translation>
    </message>
    <message>
        <source>Comparing it with the original…</source>
        <translation>Wird mit dem Original verglichen …</translation>
    </message>
    <message>
        <source>Converting the image encoder…</source>
        <translation>Der Bild-Encoder wird umgewandelt …</translation>
    </message>
    <message>
        <source>Converting the text encoder…</source>
        <translation>Der Text-Encoder wird umgewandelt …</translation>
    </message>
    <message>
        <source>Downloading: {done}</source>
        <translation>Wird geladen: {done}</translation>
    </message>
    <message>
        <source>Downloading: {done} of {total}</source>
        <translation>Wird geladen: {done} von {total}</translation>
    </message>
    <message>
        <source>English</source>
        <translation>Englisch</translation>
    </message>
    <message>
        <source>For research only: Apple&apos;s licence of the weights allows nothing else.</source>
        <translation>Nur für Forschung: Apples Lizenz der Gewichte erlaubt nichts anderes.</translation>
    </message>
    <message>
        <source>ImageNet: how often the right one of 1,000 things is named. COCO: how often a description finds its picture first. XM3600: how often an English description finds its picture, as a mean over the first, the first five and the first ten. Published: {source}.</source>
        <translation>ImageNet: wie oft von 1.000 Dingen das richtige genannt wird. COCO: wie oft eine Beschreibung ihr Bild an erster Stelle findet. XM3600: wie oft eine englische Beschreibung ihr Bild findet, gemittelt über das erste, die ersten fünf und die ersten zehn. Veröffentlicht: {source}.</translation>
    </message>
    <message numerus="yes">
        <source>Indexing your %Ln videos again takes about {time}.</source>
        <translation>
            <numerusform>Ihr %Ln Video neu zu indexieren dauert etwa {time}.</numerusform>
            <numerusform>Ihre %Ln Videos neu zu indexieren dauert etwa {time}.</numerusform>
        </translation>
    </message>
    <message>
        <source>It needs about {needed} of memory to be prepared; this computer has {there}.</source>
        <translation>Um es vorzubereiten, braucht es etwa {needed} Arbeitsspeicher; dieser Computer hat {there}.</translation>
    </message>
    <message>
        <source>Making the quick variant for the processor…</source>
        <translation>Die schnelle Variante für den Prozessor wird erstellt …</translation>
    </message>
    <message>
        <source>Making the variant for graphics cards…</source>
        <translation>Die Variante für Grafikkarten wird erstellt …</translation>
    </message>
    <message>
        <source>No kind of model that Reelfind knows was recognised there.</source>
        <translation>Dort wurde kein Modell einer Art erkannt, die Reelfind kennt.</translation>
    </message>
    <message>
        <source>Not for commercial use: its licence forbids that.</source>
        <translation>Nicht für gewerbliche Nutzung: Das verbietet seine Lizenz.</translation>
    </message>
    <message>
        <source>Not trained: its weights are random, and so are its answers. It is for trying things out.</source>
        <translation>Nicht trainiert: Seine Gewichte sind zufällig, und damit auch seine Antworten. Es dient zum Ausprobieren.</translation>
    </message>
    <message>
        <source>OpenAI&apos;s model card calls any deployed use out of scope.</source>
        <translation>OpenAIs Modellbeschreibung nennt jeden Einsatz in Produkten nicht vorgesehen.</translation>
    </message>
    <message>
        <source>Reading the weights…</source>
        <translation>Die Gewichte werden gelesen …</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Startet …</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Wird angehalten …</translation>
    </message>
    <message>
        <source>This is a model of Reelfind’s own kind.</source>
        <translation>Das ist ein Modell in Reelfinds eigenem Format.</translation>
    </message>
    <message>
        <source>This is an ONNX export as {publisher} publishes them.</source>
        <translation>Das ist ein ONNX-Export, wie {publisher} sie veröffentlicht.</translation>
    </message>
    <message>
        <source>With a frame per second of video, an hour of video takes about {time}.</source>
        <translation>Bei einem Bild je Sekunde braucht eine Stunde Video etwa {time}.</translation>
    </message>
    <message>
        <source>XM3600 in some languages: {figures}.</source>
        <translation>XM3600 in einigen Sprachen: {figures}.</translation>
    </message>
    <message>
        <source>about 100</source>
        <translation>etwa 100</translation>
    </message>
    <message>
        <source>about {rate} here</source>
        <translation>hier etwa {rate}</translation>
    </message>
    <message>
        <source>about {time} left</source>
        <translation>noch etwa {time}</translation>
    </message>
    <message>
        <source>languages: {languages}</source>
        <translation>Sprachen: {languages}</translation>
    </message>
    <message>
        <source>more than 100</source>
        <translation>mehr als 100</translation>
    </message>
    <message>
        <source>plain pooling</source>
        <translation>einfaches Mitteln</translation>
    </message>
    <message>
        <source>with trained re-scoring</source>
        <translation>mit trainierter Neubewertung</translation>
    </message>
    <message>
        <source>{n} of {m} ready</source>
        <translation>{n} von {m} bereit</translation>
    </message>
    <message>
        <source>{size} of it have arrived and are kept.</source>
        <translation>{size} davon sind schon da und bleiben erhalten.</translation>
    </message>
    <message>
        <source>{size} of memory</source>
        <translation>{size} Arbeitsspeicher</translation>
    </message>
    <message>
        <source>{size} to download</source>
        <translation>{size} herunterzuladen</translation>
    </message>
    <message>
        <source>{size}/s</source>
        <translation>{size}/s</translation>
    </message>
</context>
<context>
    <name>ModelsDialog</name>
    <message>
        <source>A model decides which descriptions find which moments. After a change your videos are re-indexed in the background; until then the model in use keeps answering.</source>
        <translation>Ein Modell entscheidet, welche Beschreibungen welche Momente finden. Nach einem Wechsel werden Ihre Videos im Hintergrund neu indexiert; bis dahin antwortet das bisherige Modell.</translation>
    </message>
    <message>
        <source>Add another…</source>
        <translation>Weiteres hinzufügen …</translation>
    </message>
    <message>
        <source>Adding another model</source>
        <translation>Weiteres Modell wird hinzugefügt</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>Auf diesem Computer</translation>
    </message>
    <message>
        <source>Recommended</source>
        <translation>Empfohlen</translation>
    </message>
</context>
<context>
    <name>MomentFlow</name>
    <message numerus="yes">
        <source>Indexing %Ln videos again</source>
        <translation>
            <numerusform>%Ln Video wird neu indexiert</numerusform>
            <numerusform>%Ln Videos werden neu indexiert</numerusform>
        </translation>
    </message>
    <message>
        <source>Path and time copied</source>
        <translation>Pfad und Zeit kopiert</translation>
    </message>
</context>
<context>
    <name>MomentMenu</name>
    <message>
        <source>Add to collection…</source>
        <translation>Zu Sammlung hinzufügen …</translation>
    </message>
    <message>
        <source>Add to favourites</source>
        <translation>Zu den Favoriten</translation>
    </message>
    <message>
        <source>Clear selection</source>
        <translation>Auswahl aufheben</translation>
    </message>
    <message>
        <source>Copy path and time</source>
        <translation>Pfad und Zeit kopieren</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren …</translation>
    </message>
    <message>
        <source>Group by moment or by video</source>
        <translation>Nach Moment oder nach Video gruppieren</translation>
    </message>
    <message>
        <source>Hide from searches</source>
        <translation>Aus Suchen ausblenden</translation>
    </message>
    <message>
        <source>Index again</source>
        <translation>Neu indexieren</translation>
    </message>
    <message>
        <source>More like this</source>
        <translation>Mehr davon</translation>
    </message>
    <message>
        <source>Next frame of the card</source>
        <translation>Nächstes Bild der Karte</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Abspielen</translation>
    </message>
    <message>
        <source>Play in the system’s player</source>
        <translation>Im Player des Systems abspielen</translation>
    </message>
    <message>
        <source>Previous frame of the card</source>
        <translation>Voriges Bild der Karte</translation>
    </message>
    <message>
        <source>Remove from favourites</source>
        <translation>Aus den Favoriten nehmen</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Ergebnisse</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>Alles auswählen</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Show or hide less likely results</source>
        <translation>Weniger wahrscheinliche Treffer ein- oder ausblenden</translation>
    </message>
    <message>
        <source>Tag and note…</source>
        <translation>Schlagwort und Notiz …</translation>
    </message>
</context>
<context>
    <name>NewMatches</name>
    <message numerus="yes">
        <source>%Ln new matches</source>
        <translation>
            <numerusform>%Ln neuer Treffer</numerusform>
            <numerusform>%Ln neue Treffer</numerusform>
        </translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Nicht jetzt</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Show {matches}</source>
        <translation>{matches} zeigen</translation>
    </message>
</context>
<context>
    <name>Nothing</name>
    <message>
        <source>Search without filters</source>
        <translation>Ohne Filter suchen</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>Dismiss</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>OfferModel</name>
    <message>
        <source>Recent search: {words}</source>
        <translation>Frühere Suche: {words}</translation>
    </message>
    <message>
        <source>Saved search: {words}</source>
        <translation>Gespeicherte Suche: {words}</translation>
    </message>
</context>
<context>
    <name>Operations</name>
    <message>
        <source>Something went wrong inside Reelfind.</source>
        <translation>In Reelfind ist etwas schiefgegangen.</translation>
    </message>
    <message>
        <source>The details are in its log. Please report this as a bug.</source>
        <translation>Einzelheiten stehen im Protokoll. Bitte melden Sie das als Fehler.</translation>
    </message>
</context>
<context>
    <name>PatternField</name>
    <message>
        <source>*.tmp
Archive/
/2019/*</source>
        <translation>*.tmp
Archive/
/2019/*</translation>
    </message>
</context>
<context>
    <name>Playback</name>
    <message>
        <source>Pictures are left out: this computer can’t keep up.</source>
        <translation>Bilder werden ausgelassen: Dieser Computer kommt nicht nach.</translation>
    </message>
    <message>
        <source>Playing stopped here: {reason}</source>
        <translation>Die Wiedergabe endete hier: {reason}</translation>
    </message>
    <message>
        <source>The rest of this video is damaged or missing.</source>
        <translation>Der Rest dieses Videos ist beschädigt oder fehlt.</translation>
    </message>
    <message>
        <source>This player can’t play “{name}”.</source>
        <translation>Dieser Player kann „{name}“ nicht abspielen.</translation>
    </message>
</context>
<context>
    <name>PlayerCommands</name>
    <message>
        <source>Add to favourites, or remove</source>
        <translation>Zu Favoriten hinzufügen oder daraus entfernen</translation>
    </message>
    <message>
        <source>Copy path and time</source>
        <translation>Pfad und Zeit kopieren</translation>
    </message>
    <message>
        <source>End the moment here</source>
        <translation>Moment hier enden lassen</translation>
    </message>
    <message>
        <source>Export the moment…</source>
        <translation>Moment exportieren …</translation>
    </message>
    <message>
        <source>Full screen on or off</source>
        <translation>Vollbild ein oder aus</translation>
    </message>
    <message>
        <source>Loop the moment</source>
        <translation>Moment wiederholen</translation>
    </message>
    <message>
        <source>Mute or unmute</source>
        <translation>Ton ein oder aus</translation>
    </message>
    <message>
        <source>Next frame</source>
        <translation>Nächstes Bild</translation>
    </message>
    <message>
        <source>Next match in this video</source>
        <translation>Nächster Treffer in diesem Video</translation>
    </message>
    <message>
        <source>Open in the system’s player</source>
        <translation>Im Player des Systems öffnen</translation>
    </message>
    <message>
        <source>Play faster</source>
        <translation>Schneller abspielen</translation>
    </message>
    <message>
        <source>Play or pause</source>
        <translation>Abspielen oder anhalten</translation>
    </message>
    <message>
        <source>Play slower</source>
        <translation>Langsamer abspielen</translation>
    </message>
    <message>
        <source>Player</source>
        <translation>Player</translation>
    </message>
    <message>
        <source>Previous frame</source>
        <translation>Voriges Bild</translation>
    </message>
    <message>
        <source>Previous match in this video</source>
        <translation>Voriger Treffer in diesem Video</translation>
    </message>
    <message>
        <source>Restore the moment’s start and end</source>
        <translation>Anfang und Ende des Moments wiederherstellen</translation>
    </message>
    <message>
        <source>Search for more like this frame</source>
        <translation>Nach mehr wie diesem Bild suchen</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Show or hide subtitles</source>
        <translation>Untertitel ein- oder ausblenden</translation>
    </message>
    <message>
        <source>Show or hide the transcript</source>
        <translation>Mitschrift ein- oder ausblenden</translation>
    </message>
    <message>
        <source>Show why this was found</source>
        <translation>Zeigen, warum dies gefunden wurde</translation>
    </message>
    <message>
        <source>Start the moment here</source>
        <translation>Moment hier beginnen lassen</translation>
    </message>
    <message>
        <source>Tag the moment…</source>
        <translation>Moment verschlagworten …</translation>
    </message>
    <message>
        <source>Turn the volume down</source>
        <translation>Leiser</translation>
    </message>
    <message>
        <source>Turn the volume up</source>
        <translation>Lauter</translation>
    </message>
</context>
<context>
    <name>PlayerControls</name>
    <message>
        <source>/ {length}</source>
        <translation>/ {length}</translation>
    </message>
    <message>
        <source>End the moment here (O)</source>
        <translation>Moment hier enden lassen (O)</translation>
    </message>
    <message>
        <source>Full screen (F)</source>
        <translation>Vollbild (F)</translation>
    </message>
    <message>
        <source>Leave full screen (F)</source>
        <translation>Vollbild verlassen (F)</translation>
    </message>
    <message>
        <source>Loop the moment (L)</source>
        <translation>Moment wiederholen (L)</translation>
    </message>
    <message>
        <source>Mute (M)</source>
        <translation>Stumm (M)</translation>
    </message>
    <message>
        <source>Next moment (Down)</source>
        <translation>Nächster Moment (Unten)</translation>
    </message>
    <message>
        <source>Pause (Space)</source>
        <translation>Pause (Leertaste)</translation>
    </message>
    <message>
        <source>Play (Space)</source>
        <translation>Abspielen (Leertaste)</translation>
    </message>
    <message>
        <source>Previous moment (Up)</source>
        <translation>Voriger Moment (Oben)</translation>
    </message>
    <message>
        <source>Speed (&lt; and &gt;)</source>
        <translation>Tempo (&lt; und &gt;)</translation>
    </message>
    <message>
        <source>Speed: {speed}</source>
        <translation>Tempo: {speed}</translation>
    </message>
    <message>
        <source>Start the moment here (I)</source>
        <translation>Moment hier beginnen lassen (I)</translation>
    </message>
    <message>
        <source>Subtitles (C)</source>
        <translation>Untertitel (C)</translation>
    </message>
    <message>
        <source>Unmute (M)</source>
        <translation>Ton an (M)</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>Lautstärke</translation>
    </message>
    <message>
        <source>{speed}×</source>
        <translation>{speed}×</translation>
    </message>
</context>
<context>
    <name>PlayerFlow</name>
    <message>
        <source>{n} of {m}</source>
        <translation>{n} von {m}</translation>
    </message>
</context>
<context>
    <name>PlayerHeader</name>
    <message>
        <source>Add the moment to favourites (B)</source>
        <translation>Moment zu den Favoriten hinzufügen (B)</translation>
    </message>
    <message>
        <source>Back to the results (Esc)</source>
        <translation>Zurück zu den Ergebnissen (Esc)</translation>
    </message>
    <message>
        <source>Export the moment…</source>
        <translation>Moment exportieren …</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Remove the moment from favourites (B)</source>
        <translation>Moment aus den Favoriten entfernen (B)</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Ergebnisse</translation>
    </message>
    <message>
        <source>Transcript (T)</source>
        <translation>Mitschrift (T)</translation>
    </message>
    <message>
        <source>Why this? (W)</source>
        <translation>Warum dies? (W)</translation>
    </message>
</context>
<context>
    <name>PlayerPage</name>
    <message>
        <source>Player</source>
        <translation>Player</translation>
    </message>
    <message>
        <source>“{name}” can’t be read: its disk does not answer.</source>
        <translation>„{name}“ lässt sich nicht lesen: Der Datenträger antwortet nicht.</translation>
    </message>
    <message>
        <source>“{name}” is on its way: the server takes long to answer.</source>
        <translation>„{name}“ ist unterwegs: Der Server braucht lange für eine Antwort.</translation>
    </message>
</context>
<context>
    <name>ProblemCard</name>
    <message>
        <source>Partly indexed</source>
        <translation>Teilweise indexiert</translation>
    </message>
    <message>
        <source>Partly indexed, until {time}</source>
        <translation>Teilweise indexiert, bis {time}</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Tried once so far.</source>
        <translation>Bisher einmal versucht.</translation>
    </message>
    <message>
        <source>Tried {count} times so far.</source>
        <translation>Bisher {count}-mal versucht.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Trying…</source>
        <translation>Wird versucht …</translation>
    </message>
    <message>
        <source>What is known of the videos in it can still be found.</source>
        <translation>Was von seinen Videos bekannt ist, wird weiterhin gefunden.</translation>
    </message>
</context>
<context>
    <name>Problems</name>
    <message numerus="yes">
        <source>%Ln files could not be read</source>
        <translation>
            <numerusform>%Ln Datei konnte nicht gelesen werden</numerusform>
            <numerusform>%Ln Dateien konnten nicht gelesen werden</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files only partly readable</source>
        <translation>
            <numerusform>%Ln Datei nur teilweise lesbar</numerusform>
            <numerusform>%Ln Dateien nur teilweise lesbar</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files with problems</source>
        <translation>
            <numerusform>%Ln Datei mit Problemen</numerusform>
            <numerusform>%Ln Dateien mit Problemen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln folders cannot be opened</source>
        <translation>
            <numerusform>%Ln Ordner lässt sich nicht öffnen</numerusform>
            <numerusform>%Ln Ordner lassen sich nicht öffnen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln only in part</source>
        <translation>
            <numerusform>%Ln nur teilweise</numerusform>
            <numerusform>%Ln nur teilweise</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln problems</source>
        <translation>
            <numerusform>%Ln Problem</numerusform>
            <numerusform>%Ln Probleme</numerusform>
        </translation>
    </message>
    <message>
        <source>Folders that cannot be opened</source>
        <translation>Ordner, die sich nicht öffnen lassen</translation>
    </message>
    <message>
        <source>No problems</source>
        <translation>Keine Probleme</translation>
    </message>
    <message>
        <source>Not readable</source>
        <translation>Nicht lesbar</translation>
    </message>
    <message>
        <source>Partly indexed</source>
        <translation>Teilweise indexiert</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Probleme</translation>
    </message>
    <message>
        <source>Try all again</source>
        <translation>Alle erneut versuchen</translation>
    </message>
    <message>
        <source>Will be tried again by itself</source>
        <translation>Wird von selbst erneut versucht</translation>
    </message>
    <message>
        <source>… and {count} more</source>
        <translation>… und {count} weitere</translation>
    </message>
</context>
<context>
    <name>PromptFlow</name>
    <message>
        <source>All files</source>
        <translation>Alle Dateien</translation>
    </message>
    <message>
        <source>Drop one to find others like it, or drop their folder to add it.</source>
        <translation>Legen Sie eine ab, um ähnliche zu finden, oder deren Ordner, um ihn hinzuzufügen.</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Rename the file to search by it.</source>
        <translation>Benennen Sie die Datei um, um mit ihr zu suchen.</translation>
    </message>
    <message>
        <source>Search with a picture</source>
        <translation>Mit einem Bild suchen</translation>
    </message>
    <message>
        <source>That is more than one video.</source>
        <translation>Das ist mehr als ein Video.</translation>
    </message>
    <message>
        <source>The name of “{name}” cannot be typed.</source>
        <translation>Der Name von „{name}“ lässt sich nicht eintippen.</translation>
    </message>
</context>
<context>
    <name>QueryChip</name>
    <message>
        <source>Choose a part of the picture</source>
        <translation>Teil des Bildes wählen</translation>
    </message>
    <message>
        <source>Edit: {words}</source>
        <translation>Bearbeiten: {words}</translation>
    </message>
    <message>
        <source>Remove: {words}</source>
        <translation>Entfernen: {words}</translation>
    </message>
</context>
<context>
    <name>QueryChips</name>
    <message>
        <source>4K</source>
        <translation>4K</translation>
    </message>
    <message>
        <source>At least {value}</source>
        <translation>Mindestens {value}</translation>
    </message>
    <message>
        <source>At most {value}</source>
        <translation>Höchstens {value}</translation>
    </message>
    <message>
        <source>Before {value}</source>
        <translation>Vor {value}</translation>
    </message>
    <message>
        <source>Camera: {value}</source>
        <translation>Kamera: {value}</translation>
    </message>
    <message>
        <source>Choose a part of the picture</source>
        <translation>Teil des Bildes wählen</translation>
    </message>
    <message>
        <source>Collection: {value}</source>
        <translation>Sammlung: {value}</translation>
    </message>
    <message>
        <source>Count less</source>
        <translation>Weniger gewichten</translation>
    </message>
    <message>
        <source>Count more</source>
        <translation>Mehr gewichten</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Favourites</source>
        <translation>Favoriten</translation>
    </message>
    <message>
        <source>From {value}</source>
        <translation>Ab {value}</translation>
    </message>
    <message>
        <source>HD or better</source>
        <translation>HD oder besser</translation>
    </message>
    <message>
        <source>In {value}</source>
        <translation>In {value}</translation>
    </message>
    <message>
        <source>Landscape</source>
        <translation>Querformat</translation>
    </message>
    <message>
        <source>Leave it out instead</source>
        <translation>Stattdessen auslassen</translation>
    </message>
    <message>
        <source>Like a part of {name}</source>
        <translation>Wie ein Teil von {name}</translation>
    </message>
    <message>
        <source>Like {name}</source>
        <translation>Wie {name}</translation>
    </message>
    <message>
        <source>Like {name} at {time}</source>
        <translation>Wie {name} bei {time}</translation>
    </message>
    <message>
        <source>Look for it again</source>
        <translation>Wieder danach suchen</translation>
    </message>
    <message>
        <source>Name: {value}</source>
        <translation>Name: {value}</translation>
    </message>
    <message>
        <source>Not: {words}</source>
        <translation>Nicht: {words}</translation>
    </message>
    <message>
        <source>Place: {value}</source>
        <translation>Ort: {value}</translation>
    </message>
    <message>
        <source>Portrait</source>
        <translation>Hochformat</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Said: “{words}”</source>
        <translation>Gesagt: „{words}“</translation>
    </message>
    <message>
        <source>Square</source>
        <translation>Quadratisch</translation>
    </message>
    <message>
        <source>Tag: {value}</source>
        <translation>Schlagwort: {value}</translation>
    </message>
    <message>
        <source>Type: {value}</source>
        <translation>Typ: {value}</translation>
    </message>
    <message>
        <source>Within {value}</source>
        <translation>Innerhalb von {value}</translation>
    </message>
    <message>
        <source>Without {words}</source>
        <translation>Ohne {words}</translation>
    </message>
    <message>
        <source>Written: “{words}”</source>
        <translation>Geschrieben: „{words}“</translation>
    </message>
    <message>
        <source>{number}. {words}</source>
        <translation>{number}. {words}</translation>
    </message>
    <message>
        <source>{words} × {weight}</source>
        <translation>{words} × {weight}</translation>
    </message>
</context>
<context>
    <name>RankingTools</name>
    <message>
        <source>Best match</source>
        <translation>Beste Übereinstimmung</translation>
    </message>
    <message>
        <source>Fewer</source>
        <translation>Weniger</translation>
    </message>
    <message>
        <source>How closely results must match</source>
        <translation>Wie genau Ergebnisse passen müssen</translation>
    </message>
    <message>
        <source>Longest first</source>
        <translation>Längste zuerst</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>Neueste zuerst</translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation>Älteste zuerst</translation>
    </message>
    <message>
        <source>Order and strictness</source>
        <translation>Reihenfolge und Strenge</translation>
    </message>
    <message>
        <source>Shortest first</source>
        <translation>Kürzeste zuerst</translation>
    </message>
    <message>
        <source>Sort by</source>
        <translation>Sortieren nach</translation>
    </message>
</context>
<context>
    <name>ReadingStep</name>
    <message>
        <source>Always</source>
        <translation>Immer</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Step 2 of 3</source>
        <translation>Schritt 2 von 3</translation>
    </message>
    <message>
        <source>What is to be seen. An hour of video takes a few minutes.</source>
        <translation>Was zu sehen ist. Eine Stunde Video dauert ein paar Minuten.</translation>
    </message>
    <message>
        <source>What should Reelfind read?</source>
        <translation>Was soll Reelfind lesen?</translation>
    </message>
    <message>
        <source>You can change this in the settings at any time. Indexing has begun already.</source>
        <translation>Sie können das jederzeit in den Einstellungen ändern. Die Indexierung hat schon begonnen.</translation>
    </message>
</context>
<context>
    <name>Ready</name>
    <message numerus="yes">
        <source>%Ln videos</source>
        <translation>
            <numerusform>%Ln Video</numerusform>
            <numerusform>%Ln Videos</numerusform>
        </translation>
    </message>
    <message>
        <source>Describe what you remember of a moment, or drop a picture.</source>
        <translation>Beschreiben Sie, woran Sie sich von einem Moment erinnern, oder legen Sie ein Bild ab.</translation>
    </message>
    <message>
        <source>Describe what you remember of a moment.</source>
        <translation>Beschreiben Sie, woran Sie sich von einem Moment erinnern.</translation>
    </message>
    <message>
        <source>Try one of these:</source>
        <translation>Versuchen Sie eines davon:</translation>
    </message>
    <message>
        <source>What are you looking for?</source>
        <translation>Wonach suchen Sie?</translation>
    </message>
    <message>
        <source>{time} in {videos} can be searched.</source>
        <translation>{time} in {videos} können durchsucht werden.</translation>
    </message>
</context>
<context>
    <name>RecommendedRow</name>
    <message>
        <source>Add {model}</source>
        <translation>{model} hinzufügen</translation>
    </message>
    <message>
        <source>Adding {model}</source>
        <translation>{model} wird hinzugefügt</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>Hinzufügen …</translation>
    </message>
    <message>
        <source>Continue…</source>
        <translation>Fortsetzen …</translation>
    </message>
    <message>
        <source>Download and add</source>
        <translation>Laden und hinzufügen</translation>
    </message>
    <message>
        <source>Install them with this command, then try again.</source>
        <translation>Installieren Sie sie mit diesem Befehl, und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>Its licence is {licence}.</source>
        <translation>Seine Lizenz ist {licence}.</translation>
    </message>
    <message>
        <source>Nobody publishes it ready-made: it is made on this computer, which needs torch.</source>
        <translation>Fertig veröffentlicht es niemand: Es wird auf diesem Computer erstellt, wozu torch nötig ist.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Nicht jetzt</translation>
    </message>
    <message>
        <source>This downloads about {size} once and then prepares the model on this computer, which takes some minutes. Nothing of yours is sent.</source>
        <translation>Das lädt einmal etwa {size} herunter und bereitet das Modell dann auf diesem Computer vor, was einige Minuten dauert. Nichts von Ihnen wird gesendet.</translation>
    </message>
    <message>
        <source>To prepare a model, Reelfind needs {packages}, which are not installed.</source>
        <translation>Um ein Modell vorzubereiten, braucht Reelfind {packages}; sie sind nicht installiert.</translation>
    </message>
</context>
<context>
    <name>ResultsBar</name>
    <message numerus="yes">
        <source>%Ln moments</source>
        <translation>
            <numerusform>%Ln Moment</numerusform>
            <numerusform>%Ln Momente</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln selected</source>
        <translation>
            <numerusform>%Ln ausgewählt</numerusform>
            <numerusform>%Ln ausgewählt</numerusform>
        </translation>
    </message>
    <message>
        <source>By moment</source>
        <translation>Nach Moment</translation>
    </message>
    <message>
        <source>By video</source>
        <translation>Nach Video</translation>
    </message>
    <message>
        <source>Clear selection</source>
        <translation>Auswahl aufheben</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren …</translation>
    </message>
    <message>
        <source>Favourite</source>
        <translation>Favorit</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>Ausblenden</translation>
    </message>
    <message>
        <source>Tag…</source>
        <translation>Schlagwort …</translation>
    </message>
    <message numerus="yes">
        <source>{moments} in %Ln videos</source>
        <translation>
            <numerusform>{moments} in %Ln Video</numerusform>
            <numerusform>{moments} in %Ln Videos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ResultsView</name>
    <message>
        <source>Found moments</source>
        <translation>Gefundene Momente</translation>
    </message>
</context>
<context>
    <name>RunCard</name>
    <message numerus="yes">
        <source>%Ln videos are ready to search</source>
        <translation>
            <numerusform>%Ln Video kann durchsucht werden</numerusform>
            <numerusform>%Ln Videos können durchsucht werden</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln videos to go</source>
        <translation>
            <numerusform>%Ln Video fehlt noch</numerusform>
            <numerusform>%Ln Videos fehlen noch</numerusform>
        </translation>
    </message>
    <message>
        <source>Index now</source>
        <translation>Jetzt indexieren</translation>
    </message>
    <message>
        <source>Indexing progress</source>
        <translation>Fortschritt der Indexierung</translation>
    </message>
    <message>
        <source>Look for new files</source>
        <translation>Nach neuen Dateien suchen</translation>
    </message>
    <message>
        <source>Looking through your folders</source>
        <translation>Ihre Ordner werden durchgesehen</translation>
    </message>
    <message>
        <source>Nothing to do</source>
        <translation>Nichts zu tun</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Paused: {what}</source>
        <translation>Angehalten: {what}</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
</context>
<context>
    <name>SearchBar</name>
    <message>
        <source>Describe a moment, like “a dog running on the beach”</source>
        <translation>Beschreiben Sie einen Moment, etwa „ein Hund läuft am Strand“</translation>
    </message>
    <message>
        <source>Filters</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Models…</source>
        <translation>Modelle …</translation>
    </message>
    <message>
        <source>Remove this search from the saved ones</source>
        <translation>Diese Suche aus den gespeicherten entfernen</translation>
    </message>
    <message>
        <source>Save this search…</source>
        <translation>Diese Suche speichern …</translation>
    </message>
    <message>
        <source>Search with a picture…</source>
        <translation>Mit einem Bild suchen …</translation>
    </message>
    <message>
        <source>Search your videos</source>
        <translation>Ihre Videos durchsuchen</translation>
    </message>
    <message>
        <source>Searching</source>
        <translation>Sucht</translation>
    </message>
    <message>
        <source>Then: add what happens next</source>
        <translation>Dann: hinzufügen, was danach geschieht</translation>
    </message>
</context>
<context>
    <name>SearchCommands</name>
    <message>
        <source>Add what happens next</source>
        <translation>Hinzufügen, was danach geschieht</translation>
    </message>
    <message>
        <source>Add what is seen together with it</source>
        <translation>Hinzufügen, was zugleich zu sehen ist</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>Filter löschen</translation>
    </message>
    <message>
        <source>Clear recent searches</source>
        <translation>Letzte Suchen löschen</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>Suche leeren</translation>
    </message>
    <message>
        <source>Filter…</source>
        <translation>Filter …</translation>
    </message>
    <message>
        <source>Save or remove this search</source>
        <translation>Diese Suche speichern oder entfernen</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suche</translation>
    </message>
    <message>
        <source>Search for what is on the clipboard</source>
        <translation>Nach dem Inhalt der Zwischenablage suchen</translation>
    </message>
    <message>
        <source>Search with a picture…</source>
        <translation>Mit einem Bild suchen …</translation>
    </message>
    <message>
        <source>Show suggestions</source>
        <translation>Vorschläge zeigen</translation>
    </message>
</context>
<context>
    <name>SearchFlow</name>
    <message>
        <source>No clear match; these come closest.</source>
        <translation>Kein klarer Treffer; diese kommen am nächsten.</translation>
    </message>
    <message>
        <source>Nothing in your videos seems to match “{query}”. Closest below.</source>
        <translation>Nichts in Ihren Videos scheint zu „{query}“ zu passen. Das Nächstliegende steht unten.</translation>
    </message>
</context>
<context>
    <name>SearchOffers</name>
    <message>
        <source>Clear recent searches</source>
        <translation>Letzte Suchen löschen</translation>
    </message>
    <message>
        <source>Files of a type</source>
        <translation>Dateien eines Typs</translation>
    </message>
    <message>
        <source>Filmed before this day</source>
        <translation>Vor diesem Tag gefilmt</translation>
    </message>
    <message>
        <source>Filmed in a place</source>
        <translation>An einem Ort gefilmt</translation>
    </message>
    <message>
        <source>Filmed on this day or later</source>
        <translation>An diesem Tag oder später gefilmt</translation>
    </message>
    <message>
        <source>Filmed with a camera or phone</source>
        <translation>Mit einer Kamera oder einem Handy gefilmt</translation>
    </message>
    <message>
        <source>From one step to the next at most</source>
        <translation>Höchstens so lange von einem Schritt zum nächsten</translation>
    </message>
    <message>
        <source>In a collection</source>
        <translation>In einer Sammlung</translation>
    </message>
    <message>
        <source>In a folder</source>
        <translation>In einem Ordner</translation>
    </message>
    <message>
        <source>Looks like a picture, a moment or a video</source>
        <translation>Sieht aus wie ein Bild, ein Moment oder ein Video</translation>
    </message>
    <message>
        <source>Portrait, landscape, 4K, favourite …</source>
        <translation>Hochformat, Querformat, 4K, Favorit …</translation>
    </message>
    <message>
        <source>Videos at least this long</source>
        <translation>Videos mindestens dieser Länge</translation>
    </message>
    <message>
        <source>Videos at most this long</source>
        <translation>Videos höchstens dieser Länge</translation>
    </message>
    <message>
        <source>With a tag</source>
        <translation>Mit einem Schlagwort</translation>
    </message>
    <message>
        <source>Words of a file’s name</source>
        <translation>Wörter aus einem Dateinamen</translation>
    </message>
    <message>
        <source>Words that are said, or stand in subtitles</source>
        <translation>Wörter, die gesagt werden oder in Untertiteln stehen</translation>
    </message>
    <message>
        <source>Words that are written in the picture</source>
        <translation>Wörter, die im Bild geschrieben stehen</translation>
    </message>
</context>
<context>
    <name>Section</name>
    <message>
        <source>{section}, closed</source>
        <translation>{section}, geschlossen</translation>
    </message>
    <message>
        <source>{section}, open</source>
        <translation>{section}, offen</translation>
    </message>
</context>
<context>
    <name>SeekBar</name>
    <message numerus="yes">
        <source>%Ln moments found in this video</source>
        <translation>
            <numerusform>%Ln Moment in diesem Video gefunden</numerusform>
            <numerusform>%Ln Momente in diesem Video gefunden</numerusform>
        </translation>
    </message>
    <message>
        <source>End of the moment</source>
        <translation>Ende des Moments</translation>
    </message>
    <message>
        <source>Position in the video</source>
        <translation>Position im Video</translation>
    </message>
    <message>
        <source>Start of the moment</source>
        <translation>Anfang des Moments</translation>
    </message>
    <message>
        <source>{now} of {end}</source>
        <translation>{now} von {end}</translation>
    </message>
</context>
<context>
    <name>ServerName</name>
    <message>
        <source>on {server}</source>
        <translation>auf {server}</translation>
    </message>
</context>
<context>
    <name>ServiceRow</name>
    <message>
        <source>Apply</source>
        <translation>Übernehmen</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Testen</translation>
    </message>
    <message>
        <source>Trying…</source>
        <translation>Wird versucht …</translation>
    </message>
</context>
<context>
    <name>SettingRow</name>
    <message>
        <source>Reset “{setting}”</source>
        <translation>„{setting}“ zurücksetzen</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source> days</source>
        <translation> Tage</translation>
    </message>
    <message>
        <source> min</source>
        <translation>Min.</translation>
    </message>
    <message>
        <source> s</source>
        <translation>s</translation>
    </message>
    <message numerus="yes">
        <source>%Ln line(s)</source>
        <translation>
            <numerusform>%Ln Zeile</numerusform>
            <numerusform>%Ln Zeilen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln not readable</source>
        <translation>
            <numerusform>%Ln nicht lesbar</numerusform>
            <numerusform>%Ln nicht lesbar</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln video(s)</source>
        <translation>
            <numerusform>%Ln Video</numerusform>
            <numerusform>%Ln Videos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln video(s) to go</source>
        <translation>
            <numerusform>%Ln Video fehlt noch</numerusform>
            <numerusform>%Ln Videos fehlen noch</numerusform>
        </translation>
    </message>
    <message>
        <source>A new or changed file is indexed once it has been left alone for so long.</source>
        <translation>Eine neue oder geänderte Datei wird indexiert, sobald sie so lange unverändert war.</translation>
    </message>
    <message>
        <source>Added models. Remove them under Models.</source>
        <translation>Hinzugefügte Modelle. Entfernen können Sie sie unter „Modelle“.</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Darstellung</translation>
    </message>
    <message>
        <source>CPU threads speed</source>
        <translation>CPU Threads Tempo</translation>
    </message>
    <message>
        <source>Cache</source>
        <translation>Zwischenspeicher</translation>
    </message>
    <message>
        <source>Can be made or fetched again.</source>
        <translation>Kann neu erstellt oder wieder geladen werden.</translation>
    </message>
    <message>
        <source>Changes are noticed at once. This finds what the system did not report.</source>
        <translation>Änderungen werden sofort bemerkt. Dies findet, was das System nicht gemeldet hat.</translation>
    </message>
    <message>
        <source>Changes at once.</source>
        <translation>Gilt sofort.</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Clear the log? What went wrong so far can then no longer be looked up.</source>
        <translation>Protokoll leeren? Was bisher schiefging, lässt sich dann nicht mehr nachsehen.</translation>
    </message>
    <message>
        <source>Click a field and press other keys. Clear it to have no shortcut.</source>
        <translation>Klicken Sie auf ein Feld und drücken Sie andere Tasten. Leer bedeutet: kein Kürzel.</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>Compared with the size the system uses.</source>
        <translation>Gegenüber der Größe, die das System verwendet.</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Delete the kept frames? Switching to another model then decodes all videos again.</source>
        <translation>Aufbewahrte Bilder löschen? Beim Wechsel zu einem anderen Modell werden dann alle Videos neu dekodiert.</translation>
    </message>
    <message>
        <source>Down-rank clips that match everything</source>
        <translation>Clips abwerten, die zu allem passen</translation>
    </message>
    <message>
        <source>Fewer cores leave more for other programs. Applies to the next run.</source>
        <translation>Weniger Kerne lassen anderen Programmen mehr. Gilt ab dem nächsten Durchlauf.</translation>
    </message>
    <message>
        <source>File names can be in them. They stay here unless you send them to somebody.</source>
        <translation>Dateinamen können darin stehen. Sie bleiben hier, solange Sie sie niemandem senden.</translation>
    </message>
    <message>
        <source>For switching to another model without decoding.</source>
        <translation>Für den Wechsel zu einem anderen Modell ohne Dekodieren.</translation>
    </message>
    <message>
        <source>For videos in several languages. Takes longer by as many tracks.</source>
        <translation>Für Videos in mehreren Sprachen. Dauert um so viele Spuren länger.</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>Vergessen</translation>
    </message>
    <message>
        <source>Forget all past searches? Saved searches stay.</source>
        <translation>Alle früheren Suchen vergessen? Gespeicherte Suchen bleiben.</translation>
    </message>
    <message>
        <source>Frames per second</source>
        <translation>Bilder pro Sekunde</translation>
    </message>
    <message>
        <source>Helps where the same few clips come first for every query.</source>
        <translation>Hilft, wenn bei jeder Suche dieselben Clips vorne stehen.</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>Hoher Kontrast</translation>
    </message>
    <message>
        <source>How closely videos are looked at. More finds shorter moments, but takes more time and room.</source>
        <translation>Wie genau Videos angesehen werden. Mehr findet kürzere Momente, braucht aber mehr Zeit und Platz.</translation>
    </message>
    <message>
        <source>If a deleted file comes back within this time, it need not be indexed again.</source>
        <translation>Kommt eine gelöschte Datei in dieser Zeit zurück, muss sie nicht neu indexiert werden.</translation>
    </message>
    <message>
        <source>In videos and in files next to them. Costs next to nothing.</source>
        <translation>In Videos und in Dateien daneben. Kostet fast nichts.</translation>
    </message>
    <message>
        <source>Index, thumbnails, favourites, tags and past searches.</source>
        <translation>Index, Vorschaubilder, Favoriten, Schlagwörter und frühere Suchen.</translation>
    </message>
    <message>
        <source>Indexing</source>
        <translation>Indexierung</translation>
    </message>
    <message>
        <source>Indexing pauses on battery. A computer that does not tell counts as plugged in.</source>
        <translation>Im Akkubetrieb ruht die Indexierung. Ein Computer, der es nicht mitteilt, gilt als angeschlossen.</translation>
    </message>
    <message>
        <source>It shows progress and opens the window.</source>
        <translation>Es zeigt den Fortschritt und öffnet das Fenster.</translation>
    </message>
    <message>
        <source>Keep the sampled frames</source>
        <translation>Abgetastete Bilder aufbewahren</translation>
    </message>
    <message>
        <source>Kept frames</source>
        <translation>Aufbewahrte Bilder</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Language of the window</source>
        <translation>Sprache des Fensters</translation>
    </message>
    <message>
        <source>Larger ones hear better and take longer. Another one listens to all videos again.</source>
        <translation>Größere hören besser und brauchen länger. Ein anderes hört sich alle Videos neu an.</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Bibliothek</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Like the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Listen to every sound track</source>
        <translation>Jede Tonspur anhören</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Log and crash reports</source>
        <translation>Protokoll und Absturzberichte</translation>
    </message>
    <message>
        <source>Look through all folders every</source>
        <translation>Alle Ordner durchsehen alle</translation>
    </message>
    <message>
        <source>Makes searching quick. Made again by itself.</source>
        <translation>Macht das Suchen schnell. Wird von selbst neu erstellt.</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>Noch keines</translation>
    </message>
    <message>
        <source>Nothing leaves this computer unless you let another one help with indexing or searching: no account, no statistics. Otherwise the network is used only when you download a model.</source>
        <translation>Nichts verlässt diesen Computer, außer Sie lassen einen anderen beim Indexieren oder Suchen helfen: kein Konto, keine Statistik. Sonst wird das Netz nur genutzt, wenn Sie ein Modell herunterladen.</translation>
    </message>
    <message>
        <source>Nothing slides, fades or plays by itself.</source>
        <translation>Nichts gleitet, blendet ein oder spielt von selbst.</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>Benachrichtigungen</translation>
    </message>
    <message>
        <source>Notify me when work ends</source>
        <translation>Melden, wenn Arbeiten enden</translation>
    </message>
    <message>
        <source>OCR written</source>
        <translation>OCR geschrieben</translation>
    </message>
    <message>
        <source>One small picture for each frame that was looked at.</source>
        <translation>Ein kleines Bild für jedes angesehene Einzelbild.</translation>
    </message>
    <message>
        <source>Only while another window is in front.</source>
        <translation>Nur während ein anderes Fenster vorne ist.</translation>
    </message>
    <message>
        <source>Only while plugged in</source>
        <translation>Nur mit Netzstrom</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Open folder: {name}</source>
        <translation>Ordner öffnen: {name}</translation>
    </message>
    <message>
        <source>Outside these hours, indexing waits. “Index now” in the status bar does not.</source>
        <translation>Außerhalb dieser Stunden wartet die Indexierung. „Jetzt indexieren“ in der Statusleiste wartet nicht.</translation>
    </message>
    <message>
        <source>Past searches</source>
        <translation>Frühere Suchen</translation>
    </message>
    <message>
        <source>Pictures and names are always searched. These bring more words; what costs time is off at first.</source>
        <translation>Bilder und Namen werden immer durchsucht. Diese bringen mehr Wörter; was Zeit kostet, ist anfangs aus.</translation>
    </message>
    <message>
        <source>Preferences</source>
        <translation>Voreinstellungen</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>Privatsphäre</translation>
    </message>
    <message>
        <source>Processor cores</source>
        <translation>Prozessorkerne</translation>
    </message>
    <message>
        <source>Queries are understood in the languages of the model, whatever you choose here.</source>
        <translation>Suchen werden in den Sprachen des Modells verstanden, was Sie hier auch wählen.</translation>
    </message>
    <message>
        <source>Ranking</source>
        <translation>Rangfolge</translation>
    </message>
    <message>
        <source>Reduce motion</source>
        <translation>Weniger Bewegung</translation>
    </message>
    <message>
        <source>Remember deleted videos for</source>
        <translation>Gelöschte Videos merken für</translation>
    </message>
    <message>
        <source>Remember searches</source>
        <translation>Suchen merken</translation>
    </message>
    <message>
        <source>Saved searches are not among them.</source>
        <translation>Gespeicherte Suchen gehören nicht dazu.</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suche</translation>
    </message>
    <message>
        <source>Search index</source>
        <translation>Suchindex</translation>
    </message>
    <message>
        <source>Searching never waits for any of this.</source>
        <translation>Die Suche wartet nie darauf.</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Show an icon in the system tray</source>
        <translation>Symbol im Infobereich zeigen</translation>
    </message>
    <message>
        <source>Signs, titles, slides. Takes about as long as indexing the pictures.</source>
        <translation>Schilder, Titel, Folien. Dauert etwa so lange wie das Indexieren der Bilder.</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>Quellen</translation>
    </message>
    <message>
        <source>Speech</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Speech model</source>
        <translation>Sprachmodell</translation>
    </message>
    <message>
        <source>Speech models</source>
        <translation>Sprachmodelle</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Subtitles</source>
        <translation>Untertitel</translation>
    </message>
    <message>
        <source>Switching to another model then needs no decoding. Takes about 100 MB per hour of video.</source>
        <translation>Der Wechsel zu einem anderen Modell kommt dann ohne Dekodieren aus. Braucht etwa 100 MB je Stunde Video.</translation>
    </message>
    <message>
        <source>Text in pictures</source>
        <translation>Text in Bildern</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>Textgröße</translation>
    </message>
    <message>
        <source>The numbers that searches compare.</source>
        <translation>Die Zahlen, die Suchen vergleichen.</translation>
    </message>
    <message>
        <source>They hear what people say.</source>
        <translation>Sie hören, was Menschen sagen.</translation>
    </message>
    <message>
        <source>Thumbnails</source>
        <translation>Vorschaubilder</translation>
    </message>
    <message>
        <source>To offer them again below the search box. They stay in the library’s file.</source>
        <translation>Um sie unter dem Suchfeld wieder anzubieten. Sie bleiben in der Datei der Bibliothek.</translation>
    </message>
    <message>
        <source>Wait for files to settle</source>
        <translation>Warten, bis Dateien fertig sind</translation>
    </message>
    <message>
        <source>What decides which moments come first.</source>
        <translation>Was entscheidet, welche Momente zuerst kommen.</translation>
    </message>
    <message>
        <source>What is known of your videos, with the next two in it.</source>
        <translation>Was von Ihren Videos bekannt ist, mit den beiden nächsten darin.</translation>
    </message>
    <message>
        <source>What people say. Takes much longer than indexing the pictures; it runs last.</source>
        <translation>Was Menschen sagen. Dauert viel länger als das Indexieren der Bilder; es läuft zuletzt.</translation>
    </message>
    <message>
        <source>What pictures show</source>
        <translation>Was Bilder zeigen</translation>
    </message>
    <message>
        <source>What suits the model</source>
        <translation>Was zum Modell passt</translation>
    </message>
    <message>
        <source>What went wrong, for reporting it. Two megabytes at most.</source>
        <translation>Was schiefging, um es melden zu können. Höchstens zwei Megabyte.</translation>
    </message>
    <message>
        <source>What you chose for this computer.</source>
        <translation>Was Sie für diesen Computer gewählt haben.</translation>
    </message>
    <message>
        <source>When to index</source>
        <translation>Wann indexiert wird</translation>
    </message>
    <message>
        <source>Your videos are never changed, moved or copied.</source>
        <translation>Ihre Videos werden nie geändert, verschoben oder kopiert.</translation>
    </message>
    <message>
        <source>battery power laptop</source>
        <translation>Akku Strom Laptop</translation>
    </message>
    <message>
        <source>copy download seconds</source>
        <translation>kopieren laden Sekunden</translation>
    </message>
    <message>
        <source>history recent</source>
        <translation>Verlauf letzte</translation>
    </message>
    <message>
        <source>nothing yet</source>
        <translation>noch nichts</translation>
    </message>
    <message>
        <source>query bank hubness</source>
        <translation>Query-Bank Hubness</translation>
    </message>
    <message>
        <source>rate sampling</source>
        <translation>Rate Abtastung</translation>
    </message>
    <message>
        <source>rescan</source>
        <translation>neu durchsehen</translation>
    </message>
    <message>
        <source>schedule hours night</source>
        <translation>Zeitplan Stunden Nacht</translation>
    </message>
    <message>
        <source>scorer re-score</source>
        <translation>Scorer neu bewerten</translation>
    </message>
    <message>
        <source>speech language audio</source>
        <translation>Sprache Ton</translation>
    </message>
    <message>
        <source>srt captions</source>
        <translation>srt Untertitel</translation>
    </message>
    <message>
        <source>whisper spoken said</source>
        <translation>Whisper gesprochen gesagt</translation>
    </message>
    <message>
        <source>whisper tiny base small</source>
        <translation>Whisper tiny base small klein</translation>
    </message>
    <message>
        <source>{lines} from {videos}</source>
        <translation>{lines} aus {videos}</translation>
    </message>
    <message>
        <source>{size} %</source>
        <translation>{size} %</translation>
    </message>
</context>
<context>
    <name>SettingsFlow</name>
    <message>
        <source>Open settings</source>
        <translation>Einstellungen öffnen</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Add folder…</source>
        <translation>Ordner hinzufügen …</translation>
    </message>
    <message>
        <source>Add, remove and switch the models that understand pictures and queries.</source>
        <translation>Modelle, die Bilder und Suchen verstehen, hinzufügen, entfernen und wechseln.</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Categories</source>
        <translation>Kategorien</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>No setting is about “{words}”.</source>
        <translation>Keine Einstellung handelt von „{words}“.</translation>
    </message>
    <message>
        <source>Open models…</source>
        <translation>Modelle öffnen …</translation>
    </message>
    <message>
        <source>Search models</source>
        <translation>Suchmodelle</translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation>Einstellungen durchsuchen</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>They are in the side panel. Right-click one there to open or remove it.</source>
        <translation>Sie stehen in der Seitenleiste. Klicken Sie dort mit rechts auf einen, um ihn zu öffnen oder zu entfernen.</translation>
    </message>
    <message>
        <source>Watched folders</source>
        <translation>Überwachte Ordner</translation>
    </message>
</context>
<context>
    <name>ShortcutRow</name>
    <message>
        <source>Reset “{setting}”</source>
        <translation>„{setting}“ zurücksetzen</translation>
    </message>
    <message>
        <source>Shortcut: {command}</source>
        <translation>Tastenkürzel: {command}</translation>
    </message>
    <message>
        <source>The same keys belong to {commands}.</source>
        <translation>Dieselben Tasten gehören zu {commands}.</translation>
    </message>
</context>
<context>
    <name>ShortcutSheet</name>
    <message>
        <source>Back, or clear the search box</source>
        <translation>Zurück, oder das Suchfeld leeren</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>From result to result</source>
        <translation>Von Ergebnis zu Ergebnis</translation>
    </message>
    <message>
        <source>From the search box to the results</source>
        <translation>Vom Suchfeld zu den Ergebnissen</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Moving around</source>
        <translation>Bewegen</translation>
    </message>
    <message>
        <source>Play the chosen result</source>
        <translation>Das gewählte Ergebnis abspielen</translation>
    </message>
    <message>
        <source>To the next control, and back</source>
        <translation>Zum nächsten Bedienelement und zurück</translation>
    </message>
    <message>
        <source>You can change them in the settings.</source>
        <translation>Sie können sie in den Einstellungen ändern.</translation>
    </message>
</context>
<context>
    <name>SourceRow</name>
    <message>
        <source>Forget</source>
        <translation>Vergessen</translation>
    </message>
    <message>
        <source>Forget what was read: {source}</source>
        <translation>Gelesenes vergessen: {source}</translation>
    </message>
    <message>
        <source>Forget what was read? It can no longer be found. While this is on, it is read again, which takes as long as the first time.</source>
        <translation>Gelesenes vergessen? Es wird dann nicht mehr gefunden. Solange dies eingeschaltet ist, wird es neu gelesen, was so lange dauert wie beim ersten Mal.</translation>
    </message>
    <message>
        <source>Forget what was read…</source>
        <translation>Gelesenes vergessen …</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
</context>
<context>
    <name>SpanHandle</name>
    <message>
        <source>{name}: {time}</source>
        <translation>{name}: {time}</translation>
    </message>
</context>
<context>
    <name>StartFlow</name>
    <message>
        <source>Add the folder, then search in it.</source>
        <translation>Fügen Sie den Ordner hinzu, und suchen Sie dann darin.</translation>
    </message>
    <message>
        <source>“{name}” is not in your library.</source>
        <translation>„{name}“ ist nicht in Ihrer Bibliothek.</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message numerus="yes">
        <source>%Ln videos · {time} ready to search</source>
        <translation>
            <numerusform>%Ln Video · {time} durchsuchbar</numerusform>
            <numerusform>%Ln Videos · {time} durchsuchbar</numerusform>
        </translation>
    </message>
    <message>
        <source>First look at</source>
        <translation>Erster Blick auf</translation>
    </message>
    <message>
        <source>Index now</source>
        <translation>Jetzt indexieren</translation>
    </message>
    <message>
        <source>Indexing</source>
        <translation>Indexierung</translation>
    </message>
    <message>
        <source>Indexing progress</source>
        <translation>Fortschritt der Indexierung</translation>
    </message>
    <message>
        <source>Listening to {n} of {m} videos</source>
        <translation>Ton von {n} von {m} Videos wird gehört</translation>
    </message>
    <message>
        <source>Pause indexing</source>
        <translation>Indexierung anhalten</translation>
    </message>
    <message>
        <source>Paused at</source>
        <translation>Angehalten bei</translation>
    </message>
    <message>
        <source>Paused at {n} of {m} videos</source>
        <translation>Angehalten bei {n} von {m} Videos</translation>
    </message>
    <message>
        <source>Reading subtitles of {n} of {m} videos</source>
        <translation>Untertitel von {n} von {m} Videos werden gelesen</translation>
    </message>
    <message>
        <source>Reading text in {n} of {m} videos</source>
        <translation>Text in {n} von {m} Videos wird gelesen</translation>
    </message>
    <message>
        <source>Reading {n} of {m} videos</source>
        <translation>{n} von {m} Videos werden gelesen</translation>
    </message>
    <message>
        <source>Resume indexing</source>
        <translation>Indexierung fortsetzen</translation>
    </message>
    <message>
        <source>Rough results, refining</source>
        <translation>Grobe Ergebnisse, wird verfeinert:</translation>
    </message>
    <message>
        <source>Show activity</source>
        <translation>Aktivität zeigen</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>noch {time}</translation>
    </message>
    <message>
        <source>{verb} {n} of {m}</source>
        <translation>{verb} {n} von {m}</translation>
    </message>
</context>
<context>
    <name>SwitchButton</name>
    <message>
        <source>Cancel the switch</source>
        <translation>Wechsel abbrechen</translation>
    </message>
    <message>
        <source>Stay with the model in use; what is ready is kept</source>
        <translation>Beim bisherigen Modell bleiben; was fertig ist, bleibt erhalten</translation>
    </message>
    <message>
        <source>Switch now</source>
        <translation>Jetzt wechseln</translation>
    </message>
    <message>
        <source>Switching to {model}</source>
        <translation>Wechsel zu {model}</translation>
    </message>
    <message>
        <source>Videos that are not ready yet are found once they are</source>
        <translation>Videos, die noch nicht fertig sind, werden gefunden, sobald sie es sind</translation>
    </message>
</context>
<context>
    <name>Switching</name>
    <message>
        <source>Switching to {model}: {ready}</source>
        <translation>Wechsel zu {model}: {ready}</translation>
    </message>
    <message>
        <source>{text} · the rest is not connected</source>
        <translation>{text} · der Rest ist nicht angeschlossen</translation>
    </message>
    <message>
        <source>{text} · the rest waits for folders that are not connected</source>
        <translation>{text} · der Rest wartet auf Ordner, die nicht angeschlossen sind</translation>
    </message>
    <message>
        <source>{text} · the rest waits for “{folder}”, which is not connected</source>
        <translation>{text} · der Rest wartet auf „{folder}“, das nicht angeschlossen ist</translation>
    </message>
    <message>
        <source>{text}, paused</source>
        <translation>{text}, angehalten</translation>
    </message>
</context>
<context>
    <name>Transcript</name>
    <message>
        <source>Close the transcript (T)</source>
        <translation>Mitschrift schließen (T)</translation>
    </message>
    <message>
        <source>Filter lines</source>
        <translation>Zeilen filtern</translation>
    </message>
    <message>
        <source>Lines</source>
        <translation>Zeilen</translation>
    </message>
    <message>
        <source>No line has these words.</source>
        <translation>Keine Zeile enthält diese Wörter.</translation>
    </message>
    <message>
        <source>Nothing is said or written in this video, as far as Reelfind has read it.</source>
        <translation>In diesem Video wird nichts gesagt oder geschrieben, soweit Reelfind es gelesen hat.</translation>
    </message>
    <message>
        <source>Transcript</source>
        <translation>Mitschrift</translation>
    </message>
    <message>
        <source>{time}, written in the picture: {text}</source>
        <translation>{time}, im Bild geschrieben: {text}</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>Choose Quit in this menu to end it.</source>
        <translation>Wählen Sie in diesem Menü „Beenden“, um es zu beenden.</translation>
    </message>
    <message>
        <source>Open Reelfind</source>
        <translation>Reelfind öffnen</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Reelfind</source>
        <translation>Reelfind</translation>
    </message>
    <message>
        <source>Reelfind goes on here</source>
        <translation>Reelfind läuft hier weiter</translation>
    </message>
    <message>
        <source>Reelfind · indexing, {share}</source>
        <translation>Reelfind · Indexierung, {share}</translation>
    </message>
</context>
<context>
    <name>UndoBar</name>
    <message>
        <source>Dismiss</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
</context>
<context>
    <name>VectorStoreRow</name>
    <message>
        <source>A Qdrant server can find the nearest clips of a library of thousands of hours. Enter its address and API key. Where it does not answer, this computer searches by itself.</source>
        <translation>Ein Qdrant-Server kann die ähnlichsten Clips einer Bibliothek mit Tausenden Stunden finden. Geben Sie seine Adresse und seinen API-Schlüssel ein. Antwortet er nicht, sucht dieser Computer selbst.</translation>
    </message>
    <message>
        <source>API key</source>
        <translation>API-Schlüssel</translation>
    </message>
    <message>
        <source>API key of the vector store</source>
        <translation>API-Schlüssel des Vektorspeichers</translation>
    </message>
    <message>
        <source>Address of the vector store</source>
        <translation>Adresse des Vektorspeichers</translation>
    </message>
    <message>
        <source>Test the connection to the vector store</source>
        <translation>Verbindung zum Vektorspeicher testen</translation>
    </message>
    <message>
        <source>The vector store answers.</source>
        <translation>Der Vektorspeicher antwortet.</translation>
    </message>
    <message>
        <source>Vector store</source>
        <translation>Vektorspeicher</translation>
    </message>
</context>
<context>
    <name>VideoArea</name>
    <message>
        <source>Open in system player</source>
        <translation>Im Player des Systems öffnen</translation>
    </message>
    <message>
        <source>Open in the system’s player</source>
        <translation>Im Player des Systems öffnen</translation>
    </message>
    <message>
        <source>Video</source>
        <translation>Video</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message numerus="yes">
        <source>%Ln videos</source>
        <translation>
            <numerusform>%Ln Video</numerusform>
            <numerusform>%Ln Videos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Add %Ln folders</source>
        <translation>
            <numerusform>%Ln Ordner hinzufügen</numerusform>
            <numerusform>%Ln Ordner hinzufügen</numerusform>
        </translation>
    </message>
    <message>
        <source>Add folder…</source>
        <translation>Ordner hinzufügen …</translation>
    </message>
    <message>
        <source>Another folder…</source>
        <translation>Anderer Ordner …</translation>
    </message>
    <message>
        <source>Drop a folder of videos here</source>
        <translation>Ziehen Sie einen Ordner mit Videos hierher</translation>
    </message>
    <message>
        <source>Found on this computer:</source>
        <translation>Auf diesem Computer gefunden:</translation>
    </message>
    <message>
        <source>Reelfind looks through it once. Then describe a moment, and it plays. Nothing leaves this computer.</source>
        <translation>Reelfind sieht ihn einmal durch. Beschreiben Sie dann einen Moment, und er wird abgespielt. Nichts verlässt diesen Computer.</translation>
    </message>
    <message>
        <source>Step 1 of 3</source>
        <translation>Schritt 1 von 3</translation>
    </message>
    <message>
        <source>more than {videos}</source>
        <translation>mehr als {videos}</translation>
    </message>
</context>
<context>
    <name>Whereabouts</name>
    <message>
        <source>Connect “{name}”</source>
        <translation>„{name}“ anschließen</translation>
    </message>
    <message>
        <source>Folder cannot be opened</source>
        <translation>Ordner lässt sich nicht öffnen</translation>
    </message>
    <message>
        <source>Its folder cannot be opened: check its permissions.</source>
        <translation>Der Ordner lässt sich nicht öffnen: Prüfen Sie seine Berechtigungen.</translation>
    </message>
    <message>
        <source>No longer there</source>
        <translation>Nicht mehr da</translation>
    </message>
    <message>
        <source>The disk that holds “{name}” is not connected. Connect it to play this video.</source>
        <translation>Der Datenträger mit „{name}“ ist nicht angeschlossen. Schließen Sie ihn an, um dieses Video abzuspielen.</translation>
    </message>
    <message>
        <source>The disk “{name}” is not connected. Connect it to play this video.</source>
        <translation>Der Datenträger „{name}“ ist nicht angeschlossen. Schließen Sie ihn an, um dieses Video abzuspielen.</translation>
    </message>
    <message>
        <source>The folder of “{name}” cannot be opened: check its permissions.</source>
        <translation>Der Ordner von „{name}“ lässt sich nicht öffnen: Prüfen Sie seine Berechtigungen.</translation>
    </message>
    <message>
        <source>You have no permission to read “{name}”. Check its permissions.</source>
        <translation>Sie dürfen „{name}“ nicht lesen. Prüfen Sie die Berechtigungen.</translation>
    </message>
    <message>
        <source>“{name}” can’t be opened: it was moved, or its disk is not connected.</source>
        <translation>„{name}“ lässt sich nicht öffnen: Die Datei wurde verschoben, oder ihr Datenträger ist nicht angeschlossen.</translation>
    </message>
    <message>
        <source>“{name}” can’t be opened: {reason}.</source>
        <translation>„{name}“ lässt sich nicht öffnen: {reason}.</translation>
    </message>
    <message>
        <source>“{name}” can’t be read: its disk reports an error. Check the disk.</source>
        <translation>„{name}“ lässt sich nicht lesen: Der Datenträger meldet einen Fehler. Prüfen Sie ihn.</translation>
    </message>
    <message>
        <source>“{name}” is no longer there: it was moved or deleted.</source>
        <translation>„{name}“ ist nicht mehr da: Die Datei wurde verschoben oder gelöscht.</translation>
    </message>
</context>
<context>
    <name>WindowCommands</name>
    <message>
        <source>Add a folder…</source>
        <translation>Ordner hinzufügen …</translation>
    </message>
    <message>
        <source>General</source>
        <translation>Allgemein</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suche</translation>
    </message>
    <message>
        <source>Show activity</source>
        <translation>Aktivität zeigen</translation>
    </message>
</context>
<context>
    <name>Working</name>
    <message>
        <source>Indexing your videos</source>
        <translation>Ihre Videos werden indexiert</translation>
    </message>
    <message>
        <source>Step 3 of 3</source>
        <translation>Schritt 3 von 3</translation>
    </message>
    <message>
        <source>You can search as soon as the first one is done.</source>
        <translation>Sie können suchen, sobald das erste fertig ist.</translation>
    </message>
</context>
<context>
    <name>WorkingNote</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancel: {what}</source>
        <translation>Abbrechen: {what}</translation>
    </message>
</context>
</TS>
