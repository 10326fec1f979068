# NOT TRIED: there was no Windows where this was written. What each step does was tried on Linux (packaging/frozen/build.sh).
#
# Makes the folder that needs no Python, and an installer out of it:
#   powershell -ExecutionPolicy Bypass -File packaging\windows\build.ps1 [-Dist FOLDER]
# FOLDER (default: dist) gets reelfind\ (reelfind-gui.exe is the window, reelfind.exe the command line and every child
# process) and reelfind-VERSION-setup.exe. Needs Python 3.11 to 3.13 (the py launcher), the network, and Inno Setup 6 for
# the installer; Visual Studio's build tools for hnswlib, without which large libraries are searched exactly.
param([string]$Dist = "dist")
$ErrorActionPreference = "Stop"
Set-StrictMode -Version Latest

$root = (Resolve-Path (Join-Path $PSScriptRoot "..\..")).Path
New-Item -ItemType Directory -Force (Join-Path $Dist ".work") | Out-Null
$Dist = (Resolve-Path $Dist).Path
$work = Join-Path $Dist ".work"
$python = Join-Path $work "venv\Scripts\python.exe"

# Run PROGRAM WORD...: ends this script where it fails.
function Run([string]$Program) {
    & $Program @args
    if ($LASTEXITCODE -ne 0) { throw "$Program $args ended with $LASTEXITCODE" }
}

if (-not (Test-Path $python)) { Run "py" "-3" "-m" "venv" (Join-Path $work "venv") }
$pip = @("-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--constraint", (Join-Path $root "packaging\constraints.txt"))
Run $python @pip $root "pyinstaller>=6.11,<7"
& $python @pip "hnswlib"
if ($LASTEXITCODE -ne 0) { Write-Warning "hnswlib could not be compiled: large libraries will be searched exactly." }

Run $python (Join-Path $root "packaging\icons.py") (Join-Path $work "reelfind.ico")
$env:REELFIND_ICON = Join-Path $work "reelfind.ico"
Remove-Item -Recurse -Force -ErrorAction SilentlyContinue (Join-Path $Dist "reelfind")
Push-Location $root
try {
    Run $python "-m" "PyInstaller" "--noconfirm" "--log-level" "ERROR" "--distpath" $Dist "--workpath" (Join-Path $work "build") `
        "packaging\frozen\reelfind.spec"
} finally { Pop-Location }

$tools = Join-Path $work "tools"
if (-not (Test-Path (Join-Path $tools "Scripts\cyclonedx-py.exe"))) {
    Run "py" "-3" "-m" "venv" $tools
    Run (Join-Path $tools "Scripts\python.exe") "-m" "pip" "install" "--quiet" "cyclonedx-bom>=7,<8"
}
Run $python (Join-Path $root "packaging\frozen\licences.py") (Join-Path $Dist "reelfind\_internal") (Join-Path $tools "Scripts\cyclonedx-py.exe")

# What was made has to answer before it is packed.
$version = ((& (Join-Path $Dist "reelfind\reelfind.exe") "--version") -split " ")[-1]
if (-not ($version -match "^\d+\.\d+\.\d+$")) { throw "the program does not say its version, but: $version" }

$inno = @("$env:ProgramFiles\Inno Setup 6\ISCC.exe", "${env:ProgramFiles(x86)}\Inno Setup 6\ISCC.exe") | Where-Object { Test-Path $_ }
if ($inno) {
    Run @($inno)[0] "/Qp" "/DVersion=$version" "/DDist=$Dist" "/DIcon=$env:REELFIND_ICON" (Join-Path $PSScriptRoot "reelfind.iss")
} else {
    Write-Warning "Inno Setup 6 is not there: no installer was made."
}
Get-ChildItem $Dist -Filter "*.exe" | Select-Object Name, Length
