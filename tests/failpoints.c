/* Lets the n-th step that changes a file under a folder fail, or kills the process there; counts the steps.
   Loaded before libc (LD_PRELOAD), so that it sees what Python, SQLite and Chroma's Rust core do alike. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static char under[PATH_MAX];
static size_t under_length;
static atomic_long steps;
static long fail_at = -1;
static int fault; /* an errno, or 0 for a kill */
static int log_handle = -1;

/* Starts counting: the step number `at` under `folder` fails with `error`, or kills the process if that is 0. */
void failpoints_arm(const char *folder, long at, int error, const char *log) {
    strncpy(under, folder, sizeof under - 1);
    under_length = strlen(under);
    fail_at = at;
    fault = error;
    atomic_store(&steps, 0);
    log_handle = log && *log ? open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
}

long failpoints_steps(void) { return atomic_load(&steps); }

static int hit(const char *name, const char *path) {
    if (!under_length || strncmp(path, under, under_length) != 0) return 0;
    long step = atomic_fetch_add(&steps, 1);
    if (log_handle >= 0) {
        static ssize_t (*plain)(int, const void *, size_t);
        if (!plain) plain = dlsym(RTLD_NEXT, "write");
        char line[PATH_MAX + 64];
        int length = snprintf(line, sizeof line, "%ld %s %s\n", step, name, path + under_length);
        plain(log_handle, line, (size_t)length);
    }
    if (step != fail_at) return 0;
    if (fault == 0) {
        kill(getpid(), SIGKILL);
        for (;;) pause();
    }
    errno = fault;
    return 1;
}

static const char *absolute(int folder, const char *path, char *space) {
    if (path[0] == '/') return path;
    char link[64];
    if (folder == AT_FDCWD) strcpy(link, "/proc/self/cwd");
    else snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t length = readlink(link, space, PATH_MAX / 2);
    if (length < 0) return "";
    snprintf(space + length, (size_t)(PATH_MAX - length), "/%s", path);
    return space;
}

static int hit_at(const char *name, int folder, const char *path) {
    char space[PATH_MAX];
    return under_length && hit(name, absolute(folder, path, space));
}

static int hit_handle(const char *name, int handle) {
    if (!under_length || handle == log_handle) return 0;
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return hit(name, path);
}

#define REAL(name) static __typeof__(name) *real; if (!real) real = dlsym(RTLD_NEXT, #name)
#define MODE mode_t mode = 0; if (flags & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); }
#define CHANGES (O_CREAT | O_TRUNC)

int open(const char *path, int flags, ...) { MODE REAL(open); if ((flags & CHANGES) && hit_at("open", AT_FDCWD, path)) return -1; return real(path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE REAL(open64); if ((flags & CHANGES) && hit_at("open", AT_FDCWD, path)) return -1; return real(path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE REAL(openat); if ((flags & CHANGES) && hit_at("open", folder, path)) return -1; return real(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE REAL(openat64); if ((flags & CHANGES) && hit_at("open", folder, path)) return -1; return real(folder, path, flags, mode); }
ssize_t write(int handle, const void *data, size_t size) { REAL(write); if (hit_handle("write", handle)) return -1; return real(handle, data, size); }
ssize_t pwrite(int handle, const void *data, size_t size, off_t at) { REAL(pwrite); if (hit_handle("write", handle)) return -1; return real(handle, data, size, at); }
ssize_t pwrite64(int handle, const void *data, size_t size, off64_t at) { REAL(pwrite64); if (hit_handle("write", handle)) return -1; return real(handle, data, size, at); }
ssize_t writev(int handle, const struct iovec *data, int count) { REAL(writev); if (hit_handle("write", handle)) return -1; return real(handle, data, count); }
int fsync(int handle) { REAL(fsync); if (hit_handle("fsync", handle)) return -1; return real(handle); }
int fdatasync(int handle) { REAL(fdatasync); if (hit_handle("fsync", handle)) return -1; return real(handle); }
int ftruncate(int handle, off_t size) { REAL(ftruncate); if (hit_handle("truncate", handle)) return -1; return real(handle, size); }
int ftruncate64(int handle, off64_t size) { REAL(ftruncate64); if (hit_handle("truncate", handle)) return -1; return real(handle, size); }
int rename(const char *from, const char *to) { REAL(rename); if (hit_at("rename", AT_FDCWD, from)) return -1; return real(from, to); }
int renameat(int a, const char *from, int b, const char *to) { REAL(renameat); if (hit_at("rename", a, from)) return -1; return real(a, from, b, to); }
int unlink(const char *path) { REAL(unlink); if (hit_at("unlink", AT_FDCWD, path)) return -1; return real(path); }
int unlinkat(int folder, const char *path, int flags) { REAL(unlinkat); if (hit_at("unlink", folder, path)) return -1; return real(folder, path, flags); }
int rmdir(const char *path) { REAL(rmdir); if (hit_at("rmdir", AT_FDCWD, path)) return -1; return real(path); }
int mkdir(const char *path, mode_t mode) { REAL(mkdir); if (hit_at("mkdir", AT_FDCWD, path)) return -1; return real(path, mode); }
int mkdirat(int folder, const char *path, mode_t mode) { REAL(mkdirat); if (hit_at("mkdir", folder, path)) return -1; return real(folder, path, mode); }
