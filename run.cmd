@echo off
rem The workflow on Windows: run.cmd demo runs the product, run.cmd test tests it. The environment is .venv.
setlocal
cd /d "%~dp0"
set "python=.venv\Scripts\python.exe"
set "command=%~1"
if "%command%"=="" goto usage
set "lock=requirements.lock"
if "%command%"=="test" set "lock=requirements-dev.lock"
if "%command%"=="coverage" set "lock=requirements-dev.lock"
if "%command%"=="check" set "lock=requirements-dev.lock"
if "%command%"=="bench" set "lock=requirements-dev.lock"
if not exist "%python%" py -3 -m venv .venv || python -m venv .venv || exit /b 1
fc /b "%lock%" ".venv\%lock%" >nul 2>&1 || (
  "%python%" -m pip install -q --disable-pip-version-check --require-hashes -r "%lock%" || exit /b 1
  copy /y "%lock%" ".venv\%lock%" >nul
)
for /f "tokens=1,*" %%a in ("%*") do set "rest=%%b"
if "%command%"=="setup" exit /b 0
if "%command%"=="run" ("%python%" main.py %rest% & exit /b)
if "%command%"=="demo" ("%python%" main.py demo %rest% & exit /b)
if "%command%"=="test" (set "QT_QPA_PLATFORM=offscreen" & "%python%" -m pytest %rest% & exit /b)
if "%command%"=="coverage" (set "QT_QPA_PLATFORM=offscreen" & "%python%" -m pytest --cov --cov-report=term %rest% & exit /b)
if "%command%"=="check" ("%python%" -m ruff format --check . && "%python%" -m ruff check . && "%python%" -m mypy && .venv\Scripts\lint-imports.exe && "%python%" -m vulture & exit /b)
if "%command%"=="bench" (for /f "tokens=1,*" %%a in ("%rest%") do "%python%" benchmarks\%%a.py %%b & exit /b)
:usage
echo usage: run.cmd demo^|run^|test^|coverage^|check^|bench NAME^|setup
exit /b 2
