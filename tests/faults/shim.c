/*
 * A library that is loaded before the C library: it counts the calls that change or open files, over all threads, and
 * lets one of them go wrong. With a path in FAULTS_LOG it records what was written and synced, for power cuts.
 *
 *   FAULTS_AT      the call that goes wrong, from 1; 0 or none: all go well
 *   FAULTS_HOW     kill   the process ends before the call
 *                  tear   of a write, half is done, then the process ends
 *                  after  the process ends after the call
 *                  NUMBER this call, or the next that can, fails with this errno
 *   FAULTS_LASTING all later ones fail as well
 *   FAULTS_LIE     sync    syncs do nothing, as with `synchronous = OFF`
 *                  commit  syncs of a write-ahead log do nothing, as with `synchronous = NORMAL`
 *                  folder  syncs of folders do nothing, as if nobody waited for a new name
 *                  write   the write that fails seems to succeed, as if its error was swallowed
 *                  alone   each that wants the lock of a database gets it, as if there were no other command
 *                  locks   nobody gets a lock on what they read, as if others held all of them
 *   FAULTS_COUNT   a file that gets the number of calls when the process ends by itself
 *   FAULTS_LOG     a file that gets a record of each change
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>
#include <pthread.h>

enum how { NONE, KILL, TEAR, AFTER, FAIL };

static atomic_long calls;
static long at;
static enum how how;
static int failure;
static int lasting;
static char lie;
static int record = -1;
static char counted[4096];
static pthread_mutex_t recording = PTHREAD_MUTEX_INITIALIZER;

static void put(int fd, const void *data, size_t length) {
    const char *rest = data;
    while (length > 0) {
        long done = syscall(SYS_write, fd, rest, length);
        if (done <= 0) return;
        rest += done;
        length -= (size_t)done;
    }
}

__attribute__((constructor)) static void begin(void) {
    const char *text = getenv("FAULTS_AT");
    at = text ? atol(text) : 0;
    text = getenv("FAULTS_HOW");
    if (text && at > 0) {
        if (!strcmp(text, "kill")) how = KILL;
        else if (!strcmp(text, "tear")) how = TEAR;
        else if (!strcmp(text, "after")) how = AFTER;
        else {
            how = FAIL;
            failure = atoi(text);
        }
    }
    lasting = getenv("FAULTS_LASTING") != NULL;
    text = getenv("FAULTS_LIE");
    if (text) lie = text[0];
    text = getenv("FAULTS_COUNT");
    if (text) snprintf(counted, sizeof counted, "%s", text);
    text = getenv("FAULTS_LOG");
    if (text) record = (int)syscall(SYS_openat, AT_FDCWD, text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

__attribute__((destructor)) static void end(void) {
    if (!counted[0]) return;
    char text[32];
    int length = snprintf(text, sizeof text, "%ld", atomic_load(&calls));
    int fd = (int)syscall(SYS_openat, AT_FDCWD, counted, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd >= 0) {
        put(fd, text, (size_t)length);
        syscall(SYS_close, fd);
    }
}

static void die(void) {
    syscall(SYS_kill, (long)getpid(), (long)SIGKILL);
    for (;;) pause();
}

/* What a call does: a disk that is full fails some of them, a lack of file numbers others. */
enum kind { OPEN, CREATE, WRITE, SYNC, NAME, THREAD };

static atomic_int failed;

/* Whether a call of this kind can fail in the way that is asked for. Threads are all that a system has too few of. */
static int can_fail(enum kind kind) {
    switch (failure) {
    case EMFILE: return kind == OPEN || kind == CREATE;
    case ENOSPC: return kind == CREATE || kind == WRITE || kind == NAME;
    case EAGAIN: return kind == THREAD;
    default: return kind != THREAD;
    }
}

/* Whether this call goes wrong by failing: the first one from the given number on that can, or all of them. Of ways to
 * end the process, `kill` ends it here. */
static int fails(enum kind kind, int *is_this) {
    long number = atomic_fetch_add(&calls, 1) + 1;
    *is_this = at > 0 && number == at;
    if (how == FAIL && number >= at && can_fail(kind) && (!atomic_exchange(&failed, 1) || lasting)) {
        errno = failure;
        return 1;
    }
    if (*is_this && how == KILL) die();
    return 0;
}

/* After the call: ends the process where that is asked for. */
static void done(int is_this) {
    if (is_this && (how == AFTER || how == TEAR)) {
        int kept = errno;
        die();
        errno = kept;
    }
}

/* A record: a line of what happened, then the bytes that were written. */
static void note(const char *what, const char *path, const char *other, long long offset, const void *data, size_t length) {
    if (record < 0) return;
    int kept = errno;
    char line[9000];
    int size = snprintf(line, sizeof line, "%s\t%s\t%s\t%lld\t%zu\n", what, path, other, offset, length);
    pthread_mutex_lock(&recording);
    put(record, line, (size_t)size);
    if (data) put(record, data, length);
    pthread_mutex_unlock(&recording);
    errno = kept;
}

/* The name of an open file; nothing where it is no regular file. */
static const char *name_of(int fd, char *buffer, size_t size) {
    if (record < 0) return NULL;
    int kept = errno;
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, buffer, size - 1);
    errno = kept;
    if (length <= 0 || buffer[0] != '/') return NULL;
    buffer[length] = 0;
    return buffer;
}

static const char *full(const char *path, char *buffer, size_t size) {
    if (path[0] == '/') return path;
    char here[4096];
    if (!getcwd(here, sizeof here)) return path;
    snprintf(buffer, size, "%s/%s", here, path);
    return buffer;
}

static ssize_t written(int fd, const void *data, size_t length, off64_t offset, int appends) {
    int is_this;
    struct stat what;
    /* Pipes and terminals have room on a full disk as well. */
    int is_file = syscall(SYS_fstat, fd, &what) == 0 && S_ISREG(what.st_mode);
    if (!is_file) return appends ? syscall(SYS_write, fd, data, length) : syscall(SYS_pwrite64, fd, data, length, offset);
    if (fails(WRITE, &is_this)) return lie == 'w' ? (ssize_t)length : -1;
    size_t part = is_this && how == TEAR ? length / 2 : length;
    char buffer[4200];
    const char *path = name_of(fd, buffer, sizeof buffer);
    if (appends && path) offset = lseek64(fd, 0, SEEK_CUR);
    ssize_t result = appends ? syscall(SYS_write, fd, data, part) : syscall(SYS_pwrite64, fd, data, part, offset);
    if (result > 0 && path) note("write", path, "", offset, data, (size_t)result);
    done(is_this);
    return result;
}

ssize_t write(int fd, const void *data, size_t length) { return written(fd, data, length, 0, 1); }
ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) { return written(fd, data, length, offset, 0); }
ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) { return written(fd, data, length, offset, 0); }

ssize_t writev(int fd, const struct iovec *parts, int count) {
    ssize_t all = 0;
    for (int i = 0; i < count; i++) {
        if (parts[i].iov_len == 0) continue;
        ssize_t result = written(fd, parts[i].iov_base, parts[i].iov_len, 0, 1);
        if (result < 0) return all > 0 ? all : -1;
        all += result;
        if ((size_t)result < parts[i].iov_len) return all;
    }
    return all;
}

static int synced(int fd, long number) {
    int is_this;
    if (fails(SYNC, &is_this)) return -1;
    char buffer[4200];
    const char *path = name_of(fd, buffer, sizeof buffer);
    struct stat what;
    int is_log = path && strlen(path) > 4 && !strcmp(path + strlen(path) - 4, "-wal");
    int is_folder = syscall(SYS_fstat, fd, &what) == 0 && S_ISDIR(what.st_mode);
    if (lie == 's' || (lie == 'c' && is_log) || (lie == 'f' && is_folder)) return 0;
    int result = (int)syscall(number, fd);
    if (result == 0 && path) note("sync", path, "", 0, NULL, 0);
    done(is_this);
    return result;
}

int fsync(int fd) { return synced(fd, SYS_fsync); }
int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }

static int cut(int fd, off64_t length) {
    int is_this;
    if (fails(WRITE, &is_this)) return -1;
    int result = (int)syscall(SYS_ftruncate, fd, length);
    char buffer[4200];
    const char *path = name_of(fd, buffer, sizeof buffer);
    if (result == 0 && path) note("truncate", path, "", length, NULL, 0);
    done(is_this);
    return result;
}

int ftruncate(int fd, off_t length) { return cut(fd, length); }
int ftruncate64(int fd, off64_t length) { return cut(fd, length); }

static int opened(int folder, const char *path, int flags, mode_t mode) {
    int is_this;
    if (fails(flags & O_CREAT ? CREATE : OPEN, &is_this)) return -1;
    int is_new = 0;
    if (record >= 0 && (flags & O_CREAT)) {
        int kept = errno;
        is_new = syscall(SYS_faccessat, folder, path, F_OK) != 0;
        errno = kept;
    }
    int fd = (int)syscall(SYS_openat, folder, path, flags, mode);
    char buffer[4200];
    if (fd >= 0 && record >= 0 && (flags & (O_CREAT | O_TRUNC))) {
        const char *name = name_of(fd, buffer, sizeof buffer);
        if (name && is_new) note("create", name, "", 0, NULL, 0);
        else if (name && (flags & O_TRUNC)) note("truncate", name, "", 0, NULL, 0);
    }
    done(is_this);
    return fd;
}

#define MODE() \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { \
        va_list rest; \
        va_start(rest, flags); \
        mode = (mode_t)va_arg(rest, int); \
        va_end(rest); \
    }

int open(const char *path, int flags, ...) { MODE() return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE() return opened(AT_FDCWD, path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE() return opened(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE() return opened(folder, path, flags, mode); }

static int removed(const char *path) {
    int is_this;
    if (fails(SYNC, &is_this)) return -1;
    int result = (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    char buffer[8400];
    if (result == 0) note("remove", full(path, buffer, sizeof buffer), "", 0, NULL, 0);
    done(is_this);
    return result;
}

int unlink(const char *path) { return removed(path); }

int unlinkat(int folder, const char *path, int flags) {
    if (folder == AT_FDCWD && flags == 0) return removed(path);
    int is_this;
    if (fails(SYNC, &is_this)) return -1;
    int result = (int)syscall(SYS_unlinkat, folder, path, flags);
    done(is_this);
    return result;
}

static int renamed(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
    int is_this;
    if (fails(NAME, &is_this)) return -1;
    int result = (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
    char first[8400], second[8400];
    if (result == 0 && from_folder == AT_FDCWD)
        note("rename", full(from, first, sizeof first), full(to, second, sizeof second), 0, NULL, 0);
    done(is_this);
    return result;
}

int rename(const char *from, const char *to) { return renamed(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int a, const char *from, int b, const char *to) { return renamed(a, from, b, to, 0); }
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) { return renamed(a, from, b, to, flags); }

static int linked(int from_folder, const char *from, int to_folder, const char *to, int flags) {
    int is_this;
    if (fails(NAME, &is_this)) return -1;
    int result = (int)syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
    char first[8400], second[8400];
    if (result == 0) note("link", full(from, first, sizeof first), full(to, second, sizeof second), 0, NULL, 0);
    done(is_this);
    return result;
}

int link(const char *from, const char *to) { return linked(AT_FDCWD, from, AT_FDCWD, to, 0); }
int linkat(int a, const char *from, int b, const char *to, int flags) { return linked(a, from, b, to, flags); }

int mkdir(const char *path, mode_t mode) {
    int is_this;
    if (fails(NAME, &is_this)) return -1;
    int result = (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
    char buffer[8400];
    if (result == 0) note("folder", full(path, buffer, sizeof buffer), "", 0, NULL, 0);
    done(is_this);
    return result;
}

int flock(int fd, int operation) {
    if (lie == 'a') return 0;
    return (int)syscall(SYS_flock, fd, operation);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*begin)(void *), void *given) {
    static int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
    int is_this;
    if (fails(THREAD, &is_this)) return failure;
    int result = real(thread, attributes, begin, given);
    done(is_this);
    return result;
}

/* The bytes of a `-shm` that SQLite locks for those who read, from `WAL_READ_LOCK(0)` on. */
#define IS_READ(lock) ((lock)->l_type == F_RDLCK && (lock)->l_start >= 123 && (lock)->l_start <= 127)

static int locked(int fd, int command, void *given) {
    const struct flock *lock = given;
    if (lie == 'l' && command == F_SETLK && IS_READ(lock)) {
        errno = EAGAIN;
        return -1;
    }
    return (int)syscall(SYS_fcntl, fd, command, given);
}

#define GIVEN() \
    va_list rest; \
    va_start(rest, command); \
    void *given = va_arg(rest, void *); \
    va_end(rest);

int fcntl(int fd, int command, ...) { GIVEN() return locked(fd, command, given); }
int fcntl64(int fd, int command, ...) { GIVEN() return locked(fd, command, given); }
