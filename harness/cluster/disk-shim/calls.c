/*
 * The calls of the C library that change files, each with a look at the undo journal and at the faults before the
 * true one. Descriptors outside the data directory pass through after one look into a table.
 */
#include "shim.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define DESCRIPTORS_MAX 65536

struct control *control;
const char *data_directory;

static struct tracked {
  uint64_t ino;
  unsigned char is_tracked;
  unsigned char is_write_through;
} table[DESCRIPTORS_MAX];

__attribute__((constructor)) static void attach(void) {
  const char *path = getenv("TIPCART_DISK_CONTROL");
  const char *directory = getenv("TIPCART_DISK_DATA");
  if (path == NULL || directory == NULL) return;
  int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
  void *page = fd < 0 ? MAP_FAILED
                      : (void *)syscall(SYS_mmap, NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (page == MAP_FAILED) give_up("the control page cannot be mapped");
  syscall(SYS_close, fd);
  control = page;
  data_directory = directory;
  __atomic_add_fetch(&control->attached, 1, __ATOMIC_RELAXED);
}

static void count(uint64_t *counter) { __atomic_add_fetch(counter, 1, __ATOMIC_RELAXED); }

static int fails_with(uint64_t number) {
  if (number == 0) return 0;
  count(&control->failures);
  errno = (int)number;
  return 1;
}

static void delay(void) {
  uint64_t us = control->delay_us;
  if (us == 0) return;
  struct timespec time = {(time_t)(us / 1000000), (long)(us % 1000000) * 1000};
  count(&control->delays);
  syscall(SYS_nanosleep, &time, NULL);
}

static int is_inside(const char *path) {
  size_t length = strlen(data_directory);
  return strncmp(path, data_directory, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

/* The absolute name in `full`; 0 when it lies outside the data directory. */
int resolve(int directory, const char *path, char *full) {
  if (data_directory == NULL || path == NULL) return 0;
  if (path[0] == '/') {
    if (strlen(path) >= PATH_MAX) return 0;
    strcpy(full, path);
    return is_inside(full);
  }
  char link[64], base[PATH_MAX];
  if (directory == AT_FDCWD) strcpy(link, "/proc/self/cwd");
  else snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
  ssize_t length = readlink(link, base, sizeof base - 1);
  if (length < 0) return 0;
  base[length] = '\0';
  return snprintf(full, PATH_MAX, "%s/%s", base, path) < PATH_MAX && is_inside(full);
}

/* The descriptor's entry, or NULL when its file is none of the data directory. */
static struct tracked *tracked_of(int fd, struct stat *found) {
  if (fd < 0 || fd >= DESCRIPTORS_MAX || !table[fd].is_tracked) return NULL;
  /* The number may have been closed inside the C library and given to another file since. */
  if (fstat(fd, found) == 0 && found->st_ino == table[fd].ino) return &table[fd];
  table[fd].is_tracked = 0;
  return NULL;
}

int is_followed(int fd) {
  struct stat found;
  return tracked_of(fd, &found) != NULL;
}

/* `length` bytes at `offset`, whatever the descriptor was opened for. The caller frees them. */
static void *content(int fd, uint64_t offset, uint64_t length) {
  char name[64];
  if (length == 0) return NULL;
  if (length > UINT32_MAX) give_up("more than 4 GiB are overwritten at once");
  void *bytes = malloc(length);
  snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
  int reading = (int)syscall(SYS_openat, AT_FDCWD, name, O_RDONLY | O_CLOEXEC, 0);
  if (bytes == NULL || reading < 0 || syscall(SYS_pread64, reading, bytes, length, offset) != (long)length)
    give_up("what is about to be overwritten cannot be read");
  syscall(SYS_close, reading);
  return bytes;
}

/* With the lock held. */
static void note_resize(int fd, const struct stat *found, uint64_t new_size) {
  uint64_t size = (uint64_t)found->st_size;
  void *old = size > new_size ? content(fd, new_size, size - new_size) : NULL;
  note_truncate(found->st_ino, new_size, size, old, size > new_size ? (uint32_t)(size - new_size) : 0);
  free(old);
}

/* Never synced, and without meaning after a restart: LMDB's table of readers, LevelDB's diary. */
static int is_informal(const char *full) {
  const char *name = strrchr(full, '/') + 1;
  return strcmp(name, "lock.mdb") == 0 || strcmp(name, "LOG") == 0;
}

static int open_tracked(const char *full, int flags, mode_t mode) {
  struct stat found;
  if (fails_with(control->open_errno)) return -1;
  lock_journal();
  int exists = stat(full, &found) == 0;
  if (!exists && (flags & O_CREAT) != 0) note_create(full);
  /* Emptied below, where the content can be noted first. */
  int fd = (int)syscall(SYS_openat, AT_FDCWD, full, flags & ~O_TRUNC, mode);
  int number = errno;
  if (fd >= 0 && !is_informal(full) && fstat(fd, &found) == 0) {
    if (fd >= DESCRIPTORS_MAX) give_up("more than 65536 files are open");
    table[fd] = (struct tracked){found.st_ino, 1, (flags & (O_SYNC | O_DSYNC)) != 0};
    if ((flags & O_TRUNC) != 0 && found.st_size > 0) {
      note_resize(fd, &found, 0);
      syscall(SYS_ftruncate, fd, 0);
    }
  }
  unlock_journal();
  errno = number;
  return fd;
}

static int open_any(int directory, const char *path, int flags, mode_t mode) {
  char full[PATH_MAX];
  if (resolve(directory, path, full)) return open_tracked(full, flags, mode);
  return (int)syscall(SYS_openat, directory, path, flags, mode);
}

#define MODE_OF(flags)                                       \
  mode_t mode = 0;                                           \
  if (((flags) & O_CREAT) != 0 || ((flags) & O_TMPFILE) == O_TMPFILE) { \
    va_list rest;                                            \
    va_start(rest, flags);                                   \
    mode = va_arg(rest, mode_t);                             \
    va_end(rest);                                            \
  }

int open(const char *path, int flags, ...) {
  MODE_OF(flags)
  return open_any(AT_FDCWD, path, flags, mode);
}
int open64(const char *path, int flags, ...) {
  MODE_OF(flags)
  return open_any(AT_FDCWD, path, flags, mode);
}
int openat(int directory, const char *path, int flags, ...) {
  MODE_OF(flags)
  return open_any(directory, path, flags, mode);
}
int openat64(int directory, const char *path, int flags, ...) {
  MODE_OF(flags)
  return open_any(directory, path, flags, mode);
}
int creat(const char *path, mode_t mode) {
  return open_any(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}
int __open_2(const char *path, int flags) { return open_any(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return open_any(AT_FDCWD, path, flags, 0); }

int close(int fd) {
  if (fd >= 0 && fd < DESCRIPTORS_MAX) table[fd].is_tracked = 0;
  return (int)syscall(SYS_close, fd);
}

static uint64_t length_of(const struct iovec *parts, int part_count) {
  uint64_t length = 0;
  for (int i = 0; i < part_count; i++) length += parts[i].iov_len;
  return length;
}

static ssize_t write_through(int fd, const struct iovec *parts, int part_count, off_t at) {
  if (at < 0) return syscall(SYS_writev, fd, parts, part_count);
  return syscall(SYS_pwritev, fd, parts, part_count, at & 0xffffffff, at >> 32);
}

/* Half of the first part: what a disk that fills up takes before it refuses. */
static ssize_t write_short(int fd, const struct iovec *parts, off_t at) {
  struct iovec half = {parts[0].iov_base, parts[0].iov_len / 2};
  return write_through(fd, &half, 1, at);
}

/* `at` -1: where the descriptor stands. */
static ssize_t write_any(int fd, const struct iovec *parts, int part_count, off_t at) {
  static __thread int was_short;
  struct stat found;
  struct tracked *file = tracked_of(fd, &found);
  if (file == NULL || !S_ISREG(found.st_mode)) return write_through(fd, parts, part_count, at);
  delay();
  uint64_t fault = control->write_errno;
  int is_short = fault == ENOSPC && !was_short && parts[0].iov_len > 1;
  was_short = is_short;
  if (!is_short && fails_with(fault)) return -1;

  lock_journal();
  fstat(fd, &found);
  uint64_t size = (uint64_t)found.st_size, length = length_of(parts, part_count);
  off_t start = at;
  if (at < 0) start = (fcntl(fd, F_GETFL) & O_APPEND) != 0 ? found.st_size : lseek(fd, 0, SEEK_CUR);
  uint64_t overlap = (uint64_t)start >= size ? 0 : size - (uint64_t)start;
  if (overlap > length) overlap = length;
  void *old = content(fd, (uint64_t)start, overlap);
  uint64_t seq = note_write(found.st_ino, (uint64_t)start, length, size, old, (uint32_t)overlap);
  free(old);
  ssize_t written = is_short ? write_short(fd, parts, at) : write_through(fd, parts, part_count, at);
  int number = errno;
  if (written == (ssize_t)length && file->is_write_through) note_durable(found.st_ino, seq);
  unlock_journal();
  count(&control->writes);
  errno = number;
  return written;
}

ssize_t write(int fd, const void *bytes, size_t length) {
  struct iovec part = {(void *)bytes, length};
  if (fd < 0 || fd >= DESCRIPTORS_MAX || !table[fd].is_tracked) return syscall(SYS_write, fd, bytes, length);
  return write_any(fd, &part, 1, -1);
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
  struct iovec part = {(void *)bytes, length};
  return write_any(fd, &part, 1, at);
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t at) { return pwrite(fd, bytes, length, at); }
ssize_t writev(int fd, const struct iovec *parts, int part_count) {
  return write_any(fd, parts, part_count, -1);
}
ssize_t pwritev(int fd, const struct iovec *parts, int part_count, off_t at) {
  return write_any(fd, parts, part_count, at);
}
ssize_t pwritev64(int fd, const struct iovec *parts, int part_count, off_t at) {
  return write_any(fd, parts, part_count, at);
}

static int sync_any(long call, int fd) {
  struct stat found;
  if (tracked_of(fd, &found) == NULL) return (int)syscall(call, fd);
  delay();
  if (fails_with(control->sync_errno)) return -1;
  uint64_t upto = sync_begun();
  int result = (int)syscall(call, fd);
  if (result == 0) {
    lock_journal();
    note_synced(found.st_ino, upto);
    unlock_journal();
    count(&control->syncs);
  }
  return result;
}

int fsync(int fd) { return sync_any(SYS_fsync, fd); }
int fdatasync(int fd) { return sync_any(SYS_fdatasync, fd); }

static ssize_t read_any(int fd, void *bytes, size_t length, off_t at) {
  if (is_followed(fd) && fails_with(control->read_errno)) return -1;
  return at < 0 ? syscall(SYS_read, fd, bytes, length) : syscall(SYS_pread64, fd, bytes, length, at);
}

ssize_t read(int fd, void *bytes, size_t length) { return read_any(fd, bytes, length, -1); }
ssize_t pread(int fd, void *bytes, size_t length, off_t at) { return read_any(fd, bytes, length, at); }
ssize_t pread64(int fd, void *bytes, size_t length, off_t at) { return read_any(fd, bytes, length, at); }

int ftruncate(int fd, off_t length) {
  struct stat found;
  if (tracked_of(fd, &found) == NULL) return (int)syscall(SYS_ftruncate, fd, length);
  delay();
  if (fails_with(control->write_errno)) return -1;
  lock_journal();
  fstat(fd, &found);
  note_resize(fd, &found, (uint64_t)length);
  int result = (int)syscall(SYS_ftruncate, fd, length);
  unlock_journal();
  return result;
}
int ftruncate64(int fd, off_t length) { return ftruncate(fd, length); }
