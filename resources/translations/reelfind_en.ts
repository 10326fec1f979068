<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>Activity</name>
    <message numerus="yes">
        <source>%Ln changed</source>
        <translation>
            <numerusform>%Ln changed</numerusform>
            <numerusform>%Ln changed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln gone</source>
        <translation>
            <numerusform>%Ln gone</numerusform>
            <numerusform>%Ln gone</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln lines read: {name}</source>
        <translation>
            <numerusform>%Ln line read: {name}</numerusform>
            <numerusform>%Ln lines read: {name}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln moved</source>
        <translation>
            <numerusform>%Ln moved</numerusform>
            <numerusform>%Ln moved</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln new</source>
        <translation>
            <numerusform>%Ln new</numerusform>
            <numerusform>%Ln new</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Done: %Ln videos indexed</source>
        <translation>
            <numerusform>Done: %Ln video indexed</numerusform>
            <numerusform>Done: %Ln videos indexed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CardWords</name>
    <message numerus="yes">
        <source>%Ln moments in this video</source>
        <translation>
            <numerusform>%Ln moment in this video</numerusform>
            <numerusform>%Ln moments in this video</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>+%Ln copies</source>
        <translation>
            <numerusform>+%Ln copy</numerusform>
            <numerusform>+%Ln copies</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>+%Ln moments</source>
        <translation>
            <numerusform>+%Ln moment</numerusform>
            <numerusform>+%Ln moments</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DesktopFlow</name>
    <message numerus="yes">
        <source>%Ln videos can be searched now.</source>
        <translation>
            <numerusform>%Ln video can be searched now.</numerusform>
            <numerusform>%Ln videos can be searched now.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Divider</name>
    <message numerus="yes">
        <source>Show %Ln less likely</source>
        <translation>
            <numerusform>Show %Ln less likely</numerusform>
            <numerusform>Show %Ln less likely</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DuplicateTile</name>
    <message numerus="yes">
        <source>… and %Ln more</source>
        <translation>
            <numerusform>… and %Ln more</numerusform>
            <numerusform>… and %Ln more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DuplicatesPage</name>
    <message numerus="yes">
        <source>%Ln groups of videos share content.</source>
        <translation>
            <numerusform>%Ln group of videos shares content.</numerusform>
            <numerusform>%Ln groups of videos share content.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln identical files</source>
        <translation>
            <numerusform>%Ln identical file</numerusform>
            <numerusform>%Ln identical files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln videos share content</source>
        <translation>
            <numerusform>%Ln video shares content</numerusform>
            <numerusform>%Ln videos share content</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>… and %Ln more groups</source>
        <translation>
            <numerusform>… and %Ln more group</numerusform>
            <numerusform>… and %Ln more groups</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>EntryModel</name>
    <message numerus="yes">
        <source>%Ln new</source>
        <translation>
            <numerusform>%Ln new</numerusform>
            <numerusform>%Ln new</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln new matches</source>
        <translation>
            <numerusform>%Ln new match</numerusform>
            <numerusform>%Ln new matches</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln videos and moments</source>
        <translation>
            <numerusform>%Ln video or moment</numerusform>
            <numerusform>%Ln videos and moments</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExcludeRow</name>
    <message numerus="yes">
        <source>Leaves out %Ln video(s) of this library:</source>
        <translation>
            <numerusform>Leaves out %Ln video of this library:</numerusform>
            <numerusform>Leaves out %Ln videos of this library:</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>… and %Ln more</source>
        <translation>
            <numerusform>… and %Ln more</numerusform>
            <numerusform>… and %Ln more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message numerus="yes">
        <source>Export %Ln moments</source>
        <translation>
            <numerusform>Export %Ln moment</numerusform>
            <numerusform>Export %Ln moments</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Exporting %Ln moments</source>
        <translation>
            <numerusform>Exporting %Ln moment</numerusform>
            <numerusform>Exporting %Ln moments</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExportFlow</name>
    <message numerus="yes">
        <source>%Ln moments could not be exported</source>
        <translation>
            <numerusform>%Ln moment could not be exported</numerusform>
            <numerusform>%Ln moments could not be exported</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExportOutcome</name>
    <message numerus="yes">
        <source>%Ln moments could not be exported:</source>
        <translation>
            <numerusform>%Ln moment could not be exported:</numerusform>
            <numerusform>%Ln moments could not be exported:</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExportWords</name>
    <message numerus="yes">
        <source>%Ln files</source>
        <translation>
            <numerusform>%Ln file</numerusform>
            <numerusform>%Ln files</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FolderModel</name>
    <message numerus="yes">
        <source>%Ln folders in it cannot be opened.</source>
        <translation>
            <numerusform>%Ln folder in it cannot be opened.</numerusform>
            <numerusform>%Ln folders in it cannot be opened.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln videos</source>
        <translation>
            <numerusform>%Ln video</numerusform>
            <numerusform>%Ln videos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FolderRow</name>
    <message numerus="yes">
        <source>%Ln problems</source>
        <translation>
            <numerusform>%Ln problem</numerusform>
            <numerusform>%Ln problems</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>KeptFlow</name>
    <message numerus="yes">
        <source>Imported: %Ln new things.</source>
        <translation>
            <numerusform>Imported: %Ln new thing.</numerusform>
            <numerusform>Imported: %Ln new things.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MarkDialog</name>
    <message numerus="yes">
        <source>%Ln moments</source>
        <translation>
            <numerusform>%Ln moment</numerusform>
            <numerusform>%Ln moments</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MarksFlow</name>
    <message numerus="yes">
        <source>%Ln moments added to favourites.</source>
        <translation>
            <numerusform>%Ln moment added to favourites.</numerusform>
            <numerusform>%Ln moments added to favourites.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln moments added to “{name}”.</source>
        <translation>
            <numerusform>%Ln moment added to “{name}”.</numerusform>
            <numerusform>%Ln moments added to “{name}”.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln moments can be found again.</source>
        <translation>
            <numerusform>%Ln moment can be found again.</numerusform>
            <numerusform>%Ln moments can be found again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln moments tagged “{name}”.</source>
        <translation>
            <numerusform>%Ln moment tagged “{name}”.</numerusform>
            <numerusform>%Ln moments tagged “{name}”.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln moments taken out of favourites.</source>
        <translation>
            <numerusform>%Ln moment taken out of favourites.</numerusform>
            <numerusform>%Ln moments taken out of favourites.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln videos hidden. Searches pass over them.</source>
        <translation>
            <numerusform>%Ln video hidden. Searches pass over it.</numerusform>
            <numerusform>%Ln videos hidden. Searches pass over them.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Tags and notes of %Ln moments saved.</source>
        <translation>
            <numerusform>Tags and notes of %Ln moment saved.</numerusform>
            <numerusform>Tags and notes of %Ln moments saved.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Tags of %Ln moments saved.</source>
        <translation>
            <numerusform>Tags of %Ln moment saved.</numerusform>
            <numerusform>Tags of %Ln moments saved.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Models</name>
    <message numerus="yes">
        <source>Indexing your %Ln videos again takes about {time}.</source>
        <translation>
            <numerusform>Indexing your %Ln video again takes about {time}.</numerusform>
            <numerusform>Indexing your %Ln videos again takes about {time}.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MomentFlow</name>
    <message numerus="yes">
        <source>Indexing %Ln videos again</source>
        <translation>
            <numerusform>Indexing %Ln video again</numerusform>
            <numerusform>Indexing %Ln videos again</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>NewMatches</name>
    <message numerus="yes">
        <source>%Ln new matches</source>
        <translation>
            <numerusform>%Ln new match</numerusform>
            <numerusform>%Ln new matches</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Problems</name>
    <message numerus="yes">
        <source>%Ln files could not be read</source>
        <translation>
            <numerusform>%Ln file could not be read</numerusform>
            <numerusform>%Ln files could not be read</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files only partly readable</source>
        <translation>
            <numerusform>%Ln file only partly readable</numerusform>
            <numerusform>%Ln files only partly readable</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files with problems</source>
        <translation>
            <numerusform>%Ln file with problems</numerusform>
            <numerusform>%Ln files with problems</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln folders cannot be opened</source>
        <translation>
            <numerusform>%Ln folder cannot be opened</numerusform>
            <numerusform>%Ln folders cannot be opened</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln only in part</source>
        <translation>
            <numerusform>%Ln only in part</numerusform>
            <numerusform>%Ln only in part</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln problems</source>
        <translation>
            <numerusform>%Ln problem</numerusform>
            <numerusform>%Ln problems</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Ready</name>
    <message numerus="yes">
        <source>%Ln videos</source>
        <translation>
            <numerusform>%Ln video</numerusform>
            <numerusform>%Ln videos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ResultsBar</name>
    <message numerus="yes">
        <source>%Ln moments</source>
        <translation>
            <numerusform>%Ln moment</numerusform>
            <numerusform>%Ln moments</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln selected</source>
        <translation>
            <numerusform>%Ln selected</numerusform>
            <numerusform>%Ln selected</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{moments} in %Ln videos</source>
        <translation>
            <numerusform>{moments} in %Ln video</numerusform>
            <numerusform>{moments} in %Ln videos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RunCard</name>
    <message numerus="yes">
        <source>%Ln videos are ready to search</source>
        <translation>
            <numerusform>%Ln video is ready to search</numerusform>
            <numerusform>%Ln videos are ready to search</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln videos to go</source>
        <translation>
            <numerusform>%Ln video to go</numerusform>
            <numerusform>%Ln videos to go</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SeekBar</name>
    <message numerus="yes">
        <source>%Ln moments found in this video</source>
        <translation>
            <numerusform>%Ln moment found in this video</numerusform>
            <numerusform>%Ln moments found in this video</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message numerus="yes">
        <source>%Ln line(s)</source>
        <translation>
            <numerusform>%Ln line</numerusform>
            <numerusform>%Ln lines</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln not readable</source>
        <translation>
            <numerusform>%Ln not readable</numerusform>
            <numerusform>%Ln not readable</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln video(s)</source>
        <translation>
            <numerusform>%Ln video</numerusform>
            <numerusform>%Ln videos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln video(s) to go</source>
        <translation>
            <numerusform>%Ln video to go</numerusform>
            <numerusform>%Ln videos to go</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message numerus="yes">
        <source>%Ln videos · {time} ready to search</source>
        <translation>
            <numerusform>%Ln video · {time} ready to search</numerusform>
            <numerusform>%Ln videos · {time} ready to search</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message numerus="yes">
        <source>%Ln videos</source>
        <translation>
            <numerusform>%Ln video</numerusform>
            <numerusform>%Ln videos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Add %Ln folders</source>
        <translation>
            <numerusform>Add %Ln folder</numerusform>
            <numerusform>Add %Ln folders</numerusform>
        </translation>
    </message>
</context>
</TS>
