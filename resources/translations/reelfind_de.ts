<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>Banner</name>
    <message>
        <source>And {n} more.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CardWords</name>
    <message numerus="yes">
        <source>%Ln moments in this video</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>+%Ln copies</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>+%Ln moments</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Named: “{quote}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Said: “{quote}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same video is also here:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Written: “{quote}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>favourite</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>less likely</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>named</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>said</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>seen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} at {time}, match {match}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{start} – {end} · match {match}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>… and {count} more</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ChipField</name>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove “{name}”</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ClearableRow</name>
    <message>
        <source>Keep</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Command</name>
    <message>
        <source>Copied</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the command</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Commands</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find a command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No command fits. Try another word.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What would you like to do?</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DesktopFlow</name>
    <message numerus="yes">
        <source>%Ln videos can be searched now.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Find a command…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Indexing is done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Indexing stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Divider</name>
    <message>
        <source>Hide less likely results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Less likely</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Show %Ln less likely</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Empty</name>
    <message>
        <source>No videos here yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing found for “{query}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no video in your folders that can be searched. Add another folder, or put videos into one: new files are found by themselves.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try fewer or other words, or search in all folders.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>EngineButton</name>
    <message>
        <source>Answers are not re-scored. This model has a trained head for it (T-MASS).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers are not re-scored: this model has no trained head.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers are re-scored with the model&apos;s trained head (T-MASS).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Best frame</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the model and how answers are ranked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean and variance (CRET)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean of the frames</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plain pooling</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Re-score with T-MASS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Soft maximum</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Three best frames</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>re-scored (T-MASS)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{model} (preparing)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{model} runs on {provider}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>EntryModel</name>
    <message numerus="yes">
        <source>%Ln new</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln new matches</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln videos and moments</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{name}, {matches}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}, {things}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ErrorDialog</name>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copied</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reelfind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something went wrong in Reelfind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your videos and what was indexed are not affected, and Reelfind goes on. If something does not work as it should, close Reelfind and open it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{text} This happened {n} times.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ExcludeRow</name>
    <message>
        <source>Apply</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Discard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files and folders that match are not indexed. One pattern a line, as in a .gitignore file: *.tmp, Archive/, /2019/*</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave out</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Leaves out %Ln video(s) of this library:</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>No video of this library matches.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is left out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Patterns to leave out</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>… and %Ln more</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FolderModel</name>
    <message numerus="yes">
        <source>%Ln folders in it cannot be opened.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln videos</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>All folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cannot be opened · {videos}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not connected · {videos}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Partly closed · {videos}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done} of {videos}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FolderPanel</name>
    <message>
        <source>Add a folder of videos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its moments will no longer be found. No video file is touched; you can add the folder again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look through again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reelfind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove from Reelfind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove from Reelfind…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove “{name}” from Reelfind?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search in this folder</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Formatting</name>
    <message>
        <source>{hours} h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} frames/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number}× real time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>HoursField</name>
    <message>
        <source>At any time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Between</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Until</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>InstalledRow</name>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel the switch to {model}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove {model}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove {model} from this computer? That frees {size}. To use it again it has to be added again, and your videos re-indexed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switch now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switch to {model} now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use {model}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>KeptEntries</name>
    <message>
        <source>Favourites</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hidden</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>KeptFlow</name>
    <message>
        <source>Delete…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everything that was hidden can be found again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export favourites, collections, tags and searches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exported library (*.json)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exported.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import favourites, collections, tags and searches</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Imported: %Ln new things.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Name of the collection:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the search:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New collection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New name:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reelfind library.json</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run this search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save this search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search for something first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The search is saved. New matches are counted from now on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no search to save.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>KeptQuestions</name>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete the collection “{name}”?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete the saved search “{name}”?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the tag “{name}” from everything?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What has this tag stays in your library.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is in it stays in your library; only the collection goes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You can save the same search again at any time.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>KeptSections</name>
    <message>
        <source>Collections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag moments here, or make a collection with +.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Library</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New collection…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save this search…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved searches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search, then save the search with +.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tags</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LibraryControl</name>
    <message>
        <source>Choose one in the menu at the bottom right.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Reelfind</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MarkDialog</name>
    <message numerus="yes">
        <source>%Ln moments</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Collections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shown is what all of them have; the rest stays.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tags</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tags and note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>These have different notes. What you write replaces them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type a collection, then press Enter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type a tag, then press Enter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}, {start} – {end}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MarksFlow</name>
    <message numerus="yes">
        <source>%Ln moments added to favourites.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln moments added to “{name}”.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln moments can be found again.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln moments tagged “{name}”.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln moments taken out of favourites.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln videos hidden. Searches pass over them.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Name of the collection:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New collection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New collection…</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Tags and notes of %Ln moments saved.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ModelMenu</name>
    <message>
        <source>Now using {model}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{model} was added</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Models</name>
    <message>
        <source>Adding</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adding {model}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checking and copying…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comparing it with the original…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Converting the image encoder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Converting the text encoder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Downloading: {done}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Downloading: {done} of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ImageNet: how often the right one of 1,000 things is named. COCO: how often a description finds its picture first. Published: {source}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Making the quick variant for the processor…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Making the variant for graphics cards…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the weights…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With a frame per second of video, an hour of video takes about {time}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about {rate} here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>languages: {languages}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>plain pooling</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>with trained re-scoring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} of {m} ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} to download</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ModelsDialog</name>
    <message>
        <source>A model decides which descriptions find which moments. After a change your videos are re-indexed in the background; until then the model in use keeps answering.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From a folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From a zip file…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import a model from a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import a model from a zip file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Importing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recommended</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zip files (*.zip)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MomentFlow</name>
    <message numerus="yes">
        <source>Indexing %Ln videos again</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Path and time copied</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MomentMenu</name>
    <message>
        <source>Add to collection…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add to favourites</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear selection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy path and time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Group by moment or by video</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide from searches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Index again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More like this</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next frame of the card</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play in the system’s player</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous frame of the card</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove from favourites</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show or hide less likely results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tag and note…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NewMatches</name>
    <message numerus="yes">
        <source>%Ln new matches</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Not now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show {matches}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>Dismiss</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Operations</name>
    <message>
        <source>Something went wrong inside Reelfind.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The details are in its log. Please report this as a bug.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PatternField</name>
    <message>
        <source>*.tmp
Archive/
/2019/*</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Playback</name>
    <message>
        <source>This player can’t play “{name}”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This player can’t show AV1 video here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This player can’t show this video’s format here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” can’t be played here: there is no room for temporary files. Free some space.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PlayerFlow</name>
    <message>
        <source>{n} of {m}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PlayerPage</name>
    <message>
        <source>Back to the results (Esc)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Full screen (F)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave full screen (F)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mute (M)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next moment (Down)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open in the system’s player</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause (Space)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play (Space)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PlayerPage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous moment (Up)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unmute (M)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” can’t be opened: its disk does not answer.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ProblemCard</name>
    <message>
        <source>Partly indexed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Partly indexed, until {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tried once so far.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tried {count} times so far.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trying…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is known of the videos in it can still be found.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Problems</name>
    <message numerus="yes">
        <source>%Ln files could not be read</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files only partly readable</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files with problems</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln folders cannot be opened</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln only in part</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln problems</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folders that cannot be opened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No problems</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not readable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Partly indexed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Problems</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try all again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Will be tried again by itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>… and {count} more</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Ready</name>
    <message numerus="yes">
        <source>%Ln videos</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>What are you looking for?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a cake being made</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a child on a bike</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a dog running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>people dancing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pouring coffee</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>waves at the beach</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{time} in {videos} can be searched. Try one of these:</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RecommendedRow</name>
    <message>
        <source>Add {model}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adding {model}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Download and add</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install them with this command, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It may need more memory than this computer has.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This downloads about {size} once and then prepares the model on this computer, which takes some minutes. Nothing of yours is sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To prepare a model, Reelfind needs {packages}, which are not installed.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ResultsBar</name>
    <message numerus="yes">
        <source>%Ln moments</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln selected</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>By moment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By video</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear selection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Favourite</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tag…</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{moments} in %Ln videos</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ResultsView</name>
    <message>
        <source>Found moments</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SearchBar</name>
    <message>
        <source>Describe a moment, like “a dog running on the beach”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search your videos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Searching</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SearchFlow</name>
    <message>
        <source>No clear match; these come closest.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing in your videos seems to match “{query}”. Closest below.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Section</name>
    <message>
        <source>{section}, closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{section}, open</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SeekBar</name>
    <message>
        <source>Position in the video</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SettingRow</name>
    <message>
        <source>Reset “{setting}”</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source> days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> s</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%Ln line(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln not readable</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln video(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln video(s) to go</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>A new or changed file is indexed once it has been left alone for so long.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Added models. Remove them under Models.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CPU threads speed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cache</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Can be made or fetched again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Changes are noticed at once. This finds what the system did not report.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Changes at once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear the log? What went wrong so far can then no longer be looked up.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click a field and press other keys. Clear it to have no shortcut.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compared with the size the system uses.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete the kept frames? Switching to another model then decodes all videos again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Down-rank clips that match everything</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fewer cores leave more for other programs. Applies to the next run.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File names can be in them. They stay here unless you send them to somebody.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For switching to another model without decoding.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For videos in several languages. Takes longer by as many tracks.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget all past searches? Saved searches stay.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frames per second</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Helps where the same few clips come first for every query.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How closely videos are looked at. More finds shorter moments, but takes more time and room.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>If a deleted file comes back within this time, it need not be indexed again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In videos and in files next to them. Costs next to nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Index, thumbnails, favourites, tags and past searches.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Indexing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Indexing pauses on battery. A computer that does not tell counts as plugged in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It shows progress and opens the window.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the sampled frames</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kept frames</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language of the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Library</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Like the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Listen to every sound track</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log and crash reports</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look through all folders every</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Makes searching quick. Made again by itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing leaves this computer: no account, no statistics. The network is used only when you download a model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing slides, fades or plays by itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Notify me when work ends</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OCR written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One small picture for each frame that was looked at.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only while another window is in front.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only while plugged in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open folder: {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Outside these hours, indexing waits. “Index now” in the status bar does not.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Past searches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pictures and names are always searched. These bring more words; what costs time is off at first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preferences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Processor cores</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Queries are understood in the languages of the model, whatever you choose here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ranking</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reduce motion</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remember deleted videos for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remember searches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved searches are not among them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search index</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Searching never waits for any of this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show an icon in the system tray</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signs, titles, slides. Takes about as long as indexing the pictures.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sources</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speech</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speech models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Storage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Subtitles</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switching to another model then needs no decoding. Takes about 100 MB per hour of video.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text in pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The numbers that searches compare.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>They hear what people say.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thumbnails</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To offer them again below the search box. They stay in the library’s file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wait for files to settle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What decides which moments come first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is known of your videos, with the next two in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What people say. Takes much longer than indexing the pictures; it runs last.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What pictures show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What suits the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What went wrong, for reporting it. Two megabytes at most.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What you chose for this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When to index</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your videos are never changed, moved or copied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>battery power laptop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>copy download seconds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>history recent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>query bank hubness</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>rate sampling</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>rescan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>schedule hours night</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>scorer re-score</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>speech language audio</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>srt captions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>whisper spoken said</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{lines} from {videos}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} %</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SettingsFlow</name>
    <message>
        <source>Open settings</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Add folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add, remove and switch the models that understand pictures and queries.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Categories</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No setting is about “{words}”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open models…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>They are in the side panel. Right-click one there to open or remove it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Watched folders</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ShortcutRow</name>
    <message>
        <source>Reset “{setting}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shortcut: {command}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same keys belong to {commands}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ShortcutSheet</name>
    <message>
        <source>Back, or clear the search box</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From result to result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From the search box to the results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Moving around</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play the chosen result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To the next control, and back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You can change them in the settings.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SourceRow</name>
    <message>
        <source>Forget</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget what was read: {source}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget what was read? It can no longer be found. While this is on, it is read again, which takes as long as the first time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget what was read…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StartFlow</name>
    <message>
        <source>Add the folder, then search in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” is not in your library.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message numerus="yes">
        <source>%Ln videos · {time} ready to search</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>First look at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Indexing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Indexing progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Listening to {n} of {m} videos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause indexing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paused at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paused at {n} of {m} videos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading subtitles of {n} of {m} videos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading text in {n} of {m} videos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading {n} of {m} videos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume indexing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rough results, refining</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{verb} {n} of {m}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SwitchButton</name>
    <message>
        <source>Cancel the switch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stay with the model in use; what is ready is kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switch now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switching to {model}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Videos that are not ready yet are found once they are</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Switching</name>
    <message>
        <source>Switching to {model}: {ready}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{text} · the rest is not connected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{text} · the rest waits for folders that are not connected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{text} · the rest waits for “{folder}”, which is not connected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{text}, paused</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>Choose Quit in this menu to end it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open Reelfind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reelfind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reelfind goes on here</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>UndoBar</name>
    <message>
        <source>Dismiss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>VideoArea</name>
    <message>
        <source>Open in system player</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open in the system’s player</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>Add folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop a folder of videos here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reelfind looks through it once. Then describe a moment, and it plays. Nothing leaves this computer.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Whereabouts</name>
    <message>
        <source>Connect “{name}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder cannot be opened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its folder cannot be opened: check its permissions.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No longer there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disk that holds “{name}” is not connected. Connect it to play this video.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disk “{name}” is not connected. Connect it to play this video.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder of “{name}” cannot be opened: check its permissions.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You have no permission to read “{name}”. Check its permissions.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” can’t be opened: it was moved, or its disk is not connected.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” can’t be opened: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” can’t be read: its disk reports an error. Check the disk.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” is no longer there: it was moved or deleted.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>WindowCommands</name>
    <message>
        <source>Add a folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>General</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Working</name>
    <message>
        <source>Indexing your videos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You can search as soon as the first one is done.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>WorkingNote</name>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel: {what}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
