/* The calls that give files names and take them away, and those that are refused because they cannot be followed. */
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <unistd.h>

int resolve(int directory, const char *path, char *full);

static int rename_any(int from_directory, const char *from, int to_directory, const char *to, unsigned flags) {
  char from_full[PATH_MAX] = "", to_full[PATH_MAX] = "";
  /* Also when only one of the two is inside; `|` so that both names are made. */
  if (!(resolve(from_directory, from, from_full) | resolve(to_directory, to, to_full)))
    return (int)syscall(SYS_renameat2, from_directory, from, to_directory, to, flags);
  lock_journal();
  note_rename(from_full, to_full);
  int result = (int)syscall(SYS_renameat2, from_directory, from, to_directory, to, flags);
  unlock_journal();
  return result;
}

int rename(const char *from, const char *to) { return rename_any(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int from_directory, const char *from, int to_directory, const char *to) {
  return rename_any(from_directory, from, to_directory, to, 0);
}
int renameat2(int from_directory, const char *from, int to_directory, const char *to, unsigned flags) {
  return rename_any(from_directory, from, to_directory, to, flags);
}

int unlinkat(int directory, const char *path, int flags) {
  char full[PATH_MAX];
  if ((flags & AT_REMOVEDIR) != 0 || !resolve(directory, path, full))
    return (int)syscall(SYS_unlinkat, directory, path, flags);
  lock_journal();
  note_unlink(full);
  int result = (int)syscall(SYS_unlinkat, directory, path, flags);
  unlock_journal();
  return result;
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }

/* Whether the descriptor's file lies in the data directory; its name in `full`. */
static int is_data(int fd, char *full) {
  char link[64];
  if (data_directory == NULL || fd < 0) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, full, PATH_MAX - 1);
  if (length < 0) return 0;
  full[length] = '\0';
  return strncmp(full, data_directory, strlen(data_directory)) == 0;
}

/* Stores into a shared mapping are no calls. LMDB's table of readers is one, and means nothing after a restart. */
void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset) {
  char full[PATH_MAX];
  int is_writable = (protection & PROT_WRITE) != 0 && (flags & MAP_TYPE) != MAP_PRIVATE;
  if (is_writable && is_data(fd, full) && strstr(full, "/lock.mdb") == NULL) {
    dprintf(2, "disk shim: a writable shared mapping of %s is refused\n", full);
    errno = EACCES;
    return MAP_FAILED;
  }
  return (void *)syscall(SYS_mmap, address, length, protection, flags, fd, offset);
}
void *mmap64(void *address, size_t length, int protection, int flags, int fd, off_t offset) {
  return mmap(address, length, protection, flags, fd, offset);
}

/* Programs copy by hand where these are missing. */
ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t length, unsigned flags) {
  char full[PATH_MAX];
  if (!is_data(to, full)) return syscall(SYS_copy_file_range, from, from_at, to, to_at, length, flags);
  errno = ENOSYS;
  return -1;
}
ssize_t sendfile(int to, int from, off_t *at, size_t length) {
  char full[PATH_MAX];
  if (!is_data(to, full)) return syscall(SYS_sendfile, to, from, at, length);
  errno = EINVAL;
  return -1;
}
int fallocate(int fd, int mode, off_t offset, off_t length) {
  char full[PATH_MAX];
  if (!is_data(fd, full)) return (int)syscall(SYS_fallocate, fd, mode, offset, length);
  errno = EOPNOTSUPP;
  return -1;
}
