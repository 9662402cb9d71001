/* The executable that `terraform-provider-ecgrid install` gives to Terraform on Windows, where a script is no program.
 *
 * It holds neither a path nor a version, so that it is the same on every machine: its version stands in its own name
 * (terraform-provider-ecgrid_vVERSION.exe), and a pointer file (UTF-8) names the Python that runs the provider and a file
 * that is there as long as Python has this version of it: the mirror's, terraform-provider-ecgrid.txt in the folder of the
 * version, else the user's own, %APPDATA%\terraform.d\terraform-provider-ecgrid\VERSION.txt. What it does is what the
 * shell script in terraform_provider_ecgrid/launcher.py does elsewhere.
 *
 * Built by `make launcher` without the C library: a few kilobytes, the same bytes from the same compiler.
 */
#include <windows.h>

#define NAME L"terraform-provider-ecgrid"
#define START L" -E -P -c \"import sys; from terraform_provider_ecgrid.__main__ import main; sys.exit(main())\" "
#define LONGEST 32768 /* characters of a path or a command line, Windows' own bound */
#define LONGEST_POINTER 65536 /* bytes of the pointer file that are read */

/* By this a test tells that the executable was built from this very file. */
__attribute__((used)) static const char source[] = "launcher.c sha256:" SOURCE;

static wchar_t own_path[LONGEST], version[256], mirrors[LONGEST], own[LONGEST], python[LONGEST], package[LONGEST];
static wchar_t command[3 * LONGEST], reason[3 * LONGEST], sentence[4 * LONGEST];
static char bytes[LONGEST_POINTER], shown[12 * LONGEST];

/* Append to a text; what does not fit is left out. */
static void append(wchar_t *text, size_t size, const wchar_t *more)
{
    size_t end = (size_t)lstrlenW(text);
    while (*more && end + 1 < size)
        text[end++] = *more++;
    text[end] = 0;
}

#define ADD(text, more) append(text, sizeof(text) / sizeof(*(text)), more)

static void read_version(void)
{
    size_t length, start;
    GetModuleFileNameW(NULL, own_path, LONGEST);
    length = (size_t)lstrlenW(own_path);
    for (start = length; start > 1; start--) {
        if (own_path[start - 2] == L'\\' || own_path[start - 2] == L'/')
            return;
        if (own_path[start - 2] == L'_' && own_path[start - 1] == L'v')
            break;
    }
    ADD(version, own_path + start);
    length = (size_t)lstrlenW(version);
    if (length > 4 && lstrcmpiW(version + length - 4, L".exe") == 0)
        version[length - 4] = 0;
}

/* Read one line that begins at `text` into `line`; gives where the next begins. */
static const char *read_line(const char *text, wchar_t *line)
{
    int length = 0, count;
    while (text[length] && text[length] != '\n' && text[length] != '\r')
        length++;
    count = length ? MultiByteToWideChar(CP_UTF8, 0, text, length, line, LONGEST - 1) : 0;
    line[count] = 0;
    text += length;
    while (*text == '\r' || *text == '\n')
        text++;
    return text;
}

/* Leave out the last part of a path. */
static void cut(wchar_t *path)
{
    size_t length = (size_t)lstrlenW(path);
    while (length && path[length] != L'\\' && path[length] != L'/')
        length--;
    path[length] = 0;
}

/* The mirror is found by what the links in the own path lead to, in Terraform's .terraform for one. */
static void name_mirrors_pointer(void)
{
    HANDLE file = CreateFileW(own_path, 0, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0, NULL);
    DWORD length = file == INVALID_HANDLE_VALUE ? 0 : GetFinalPathNameByHandleW(file, mirrors, LONGEST, 0);
    if (!length || length >= LONGEST) {
        mirrors[0] = 0;
        ADD(mirrors, own_path);
    }
    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
    cut(mirrors);
    cut(mirrors);
    ADD(mirrors, L"\\" NAME L".txt");
}

static void name_own_pointer(void)
{
    DWORD length = GetEnvironmentVariableW(L"APPDATA", own, LONGEST);
    if (!length || length >= LONGEST)
        own[0] = 0;
    ADD(own, L"\\terraform.d\\" NAME L"\\");
    ADD(own, version);
    ADD(own, L".txt");
}

static BOOL read_pointer(const wchar_t *pointer)
{
    DWORD length = 0;
    HANDLE file = CreateFileW(pointer, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return FALSE;
    if (!ReadFile(file, bytes, LONGEST_POINTER - 1, &length, NULL))
        length = 0;
    CloseHandle(file);
    bytes[length] = 0;
    read_line(read_line(bytes, python), package);
    return *python != 0;
}

static BOOL exists(const wchar_t *path)
{
    return *path && GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
}

static void blame(const wchar_t *before, const wchar_t *path, const wchar_t *after)
{
    reason[0] = 0;
    ADD(reason, before);
    ADD(reason, path);
    ADD(reason, after);
}

/* Tell whether a pointer's Python can be used; if not, the reason is kept. */
static BOOL usable(const wchar_t *pointer)
{
    if (!read_pointer(pointer))
        return FALSE;
    if (exists(python) && exists(package))
        return TRUE;
    blame(L"its Python (", python, exists(python) ? L") no longer has this version" : L") does not exist, or this user may not run it");
    return FALSE;
}

/* Terraform shows the first line of stdout; a person reads stderr. */
static UINT refuse(void)
{
    BOOL plugin = GetEnvironmentVariableW(L"TF_PLUGIN_MAGIC_COOKIE", NULL, 0) != 0;
    DWORD written;
    int length;
    ADD(sentence, L"The ECGrid provider ");
    ADD(sentence, version);
    ADD(sentence, L" cannot start: ");
    ADD(sentence, reason);
    ADD(sentence, L". Install the Python package " NAME L" ");
    ADD(sentence, version);
    ADD(sentence, L" where this user may run it, then run " NAME L" install.\n");
    length = WideCharToMultiByte(CP_UTF8, 0, sentence, -1, shown, sizeof(shown), NULL, NULL);
    WriteFile(GetStdHandle(plugin ? STD_OUTPUT_HANDLE : STD_ERROR_HANDLE), shown, length ? length - 1 : 0, &written, NULL);
    return 1;
}

/* What stands behind the program's name on the own command line, as it is. */
static const wchar_t *arguments(void)
{
    const wchar_t *line = GetCommandLineW();
    BOOL quoted = FALSE;
    for (; *line && (quoted || (*line != L' ' && *line != L'\t')); line++)
        if (*line == L'"')
            quoted = !quoted;
    while (*line == L' ' || *line == L'\t')
        line++;
    return line;
}

/* A Ctrl-C reaches the provider as well, which knows what to do; its end is waited for. */
static BOOL WINAPI leave_to_provider(DWORD event)
{
    (void)event;
    return TRUE;
}

static UINT run(void)
{
    static STARTUPINFOW start;
    static PROCESS_INFORMATION process;
    static JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits;
    HANDLE job = CreateJobObjectW(NULL, NULL);
    DWORD code = 1;

    /* Either makes a Python take itself for another one. */
    SetEnvironmentVariableW(L"__PYVENV_LAUNCHER__", NULL);
    SetEnvironmentVariableW(L"PYTHONEXECUTABLE", NULL);
    ADD(command, L"\"");
    ADD(command, python);
    ADD(command, L"\"" START);
    ADD(command, arguments());
    SetConsoleCtrlHandler(leave_to_provider, TRUE);
    start.cb = sizeof(start);
    start.dwFlags = STARTF_USESTDHANDLES;
    start.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
    start.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
    start.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    if (!CreateProcessW(python, command, NULL, NULL, TRUE, CREATE_SUSPENDED, NULL, NULL, &start, &process)) {
        blame(L"its Python (", python, L") does not start");
        return refuse();
    }
    /* Whoever ends this process ends the provider with it. */
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof(limits));
    AssignProcessToJobObject(job, process.hProcess);
    ResumeThread(process.hThread);
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &code);
    return code;
}

void entry(void)
{
    read_version();
    name_mirrors_pointer();
    name_own_pointer();
    blame(L"neither ", mirrors, L" nor ");
    ADD(reason, own);
    ADD(reason, L" can be read");
    ExitProcess(usable(mirrors) || usable(own) ? run() : refuse());
}
