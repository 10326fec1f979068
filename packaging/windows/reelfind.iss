; NOT TRIED: there was no Windows where this was written.
; Inno Setup's recipe for the installer; packaging\windows\build.ps1 runs it:
;   ISCC /DVersion=0.1.0 /DDist=FOLDER /DIcon=FILE.ico packaging\windows\reelfind.iss
; It installs for one person, asks for no administrator, and leaves libraries and models where they are when it is removed.
#ifndef Version
  #error name the version: /DVersion=0.1.0
#endif
#ifndef Dist
  #error name the folder that holds reelfind\: /DDist=FOLDER
#endif
#ifndef Icon
  #error name the icon: /DIcon=FILE.ico
#endif

[Setup]
; Never changes: by it an update finds what is installed.
AppId={{B8A5E2B0-6E0D-4B0B-9D64-5C7A5B2E7F31}
AppName=Reelfind
AppVersion={#Version}
AppVerName=Reelfind {#Version}
AppPublisher=The Reelfind authors
VersionInfoVersion={#Version}
DefaultDirName={autopf}\Reelfind
DefaultGroupName=Reelfind
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
OutputDir={#Dist}
OutputBaseFilename=reelfind-{#Version}-setup
SetupIconFile={#Icon}
UninstallDisplayIcon={app}\reelfind-gui.exe
LicenseFile=..\..\LICENSE
Compression=lzma2/max
SolidCompression=yes
; The window and its children hold files open: they are asked to end first.
CloseApplications=yes
RestartApplications=no
ChangesAssociations=no
WizardStyle=modern

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "de"; MessagesFile: "compiler:Languages\German.isl"

[CustomMessages]
en.SearchHere=Search in this folder
de.SearchHere=In diesem Ordner suchen
en.FolderMenu=“Search in this folder” in the menu of folders
de.FolderMenu=„In diesem Ordner suchen“ im Menü von Ordnern

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked
Name: "foldermenu"; Description: "{cm:FolderMenu}"

[InstallDelete]
; Libraries of an earlier version would be loaded beside those of this one.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Dist}\reelfind\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{autoprograms}\Reelfind"; Filename: "{app}\reelfind-gui.exe"; AppUserModelID: "reelfind"
Name: "{autodesktop}\Reelfind"; Filename: "{app}\reelfind-gui.exe"; AppUserModelID: "reelfind"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\Directory\shell\Reelfind"; ValueType: string; ValueData: "{cm:SearchHere}"; Flags: uninsdeletekey; Tasks: foldermenu
Root: HKA; Subkey: "Software\Classes\Directory\shell\Reelfind"; ValueType: string; ValueName: "Icon"; ValueData: "{app}\reelfind-gui.exe"; Tasks: foldermenu
Root: HKA; Subkey: "Software\Classes\Directory\shell\Reelfind\command"; ValueType: string; ValueData: """{app}\reelfind-gui.exe"" gui --folder ""%1"""; Tasks: foldermenu

[Run]
Filename: "{app}\reelfind-gui.exe"; Description: "{cm:LaunchProgram,Reelfind}"; Flags: nowait postinstall skipifsilent
