<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>Banner</name>
    <message>
        <source>And {n} more.</source>
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
    <name>FolderModel</name>
    <message numerus="yes">
        <source>%Ln folders in it cannot be opened.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln videos</source>
        <translation type="unfinished">
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
    <name>NewMatches</name>
    <message numerus="yes">
        <source>%Ln new matches</source>
        <translation type="unfinished">
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
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files only partly readable</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files with problems</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln folders cannot be opened</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln only in part</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln problems</source>
        <translation type="unfinished">
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
    <name>ResultsModel</name>
    <message>
        <source>+1 copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>+{n} copies</source>
        <translation type="unfinished"></translation>
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
    <name>SeekBar</name>
    <message>
        <source>Position in the video</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message numerus="yes">
        <source>%Ln videos · {time} ready to search</source>
        <translation type="unfinished">
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
