<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
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
    <name>StatusBar</name>
    <message numerus="yes">
        <source>%Ln videos · {time} ready to search</source>
        <translation>
            <numerusform>%Ln video · {time} ready to search</numerusform>
            <numerusform>%Ln videos · {time} ready to search</numerusform>
        </translation>
    </message>
</context>
</TS>
