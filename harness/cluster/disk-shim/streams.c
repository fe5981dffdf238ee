/*
 * Streams of the C library (FILE) on files of the data directory: LevelDB writes through them. The library's own
 * writes cannot be seen, so a stream is opened on a followed descriptor and what is written to it goes there at once,
 * past its buffer.
 */
#include "shim.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int resolve(int directory, const char *path, char *full);
int is_followed(int fd);

static int flags_of(const char *mode) {
  int access = strchr(mode, '+') != NULL ? O_RDWR : mode[0] == 'r' ? O_RDONLY : O_WRONLY;
  int more = mode[0] == 'w' ? O_CREAT | O_TRUNC : mode[0] == 'a' ? O_CREAT | O_APPEND : 0;
  return access | more | (strchr(mode, 'e') != NULL ? O_CLOEXEC : 0) | (strchr(mode, 'x') != NULL ? O_EXCL : 0);
}

FILE *fopen64(const char *path, const char *mode) {
  static FILE *(*next)(const char *, const char *);
  char full[PATH_MAX];
  if (next == NULL) *(void **)&next = dlsym(RTLD_NEXT, "fopen64");
  if (!resolve(AT_FDCWD, path, full)) return next(path, mode);
  int fd = open(full, flags_of(mode), 0666);
  return fd < 0 ? NULL : fdopen(fd, mode);
}
FILE *fopen(const char *path, const char *mode) { return fopen64(path, mode); }

/* As `fwrite`: how many items were written whole. */
static size_t write_items(int fd, const char *bytes, size_t size, size_t count) {
  size_t written = 0, length = size * count;
  while (written < length) {
    ssize_t more = write(fd, bytes + written, length - written);
    if (more < 0) break;
    written += (size_t)more;
  }
  return size == 0 ? 0 : written / size;
}

size_t fwrite(const void *bytes, size_t size, size_t count, FILE *stream) {
  static size_t (*next)(const void *, size_t, size_t, FILE *);
  if (next == NULL) *(void **)&next = dlsym(RTLD_NEXT, "fwrite");
  int fd = data_directory == NULL ? -1 : fileno(stream);
  return is_followed(fd) ? write_items(fd, bytes, size, count) : next(bytes, size, count, stream);
}
#undef fwrite_unlocked
size_t fwrite_unlocked(const void *bytes, size_t size, size_t count, FILE *stream) {
  static size_t (*next)(const void *, size_t, size_t, FILE *);
  if (next == NULL) *(void **)&next = dlsym(RTLD_NEXT, "fwrite_unlocked");
  int fd = data_directory == NULL ? -1 : fileno(stream);
  return is_followed(fd) ? write_items(fd, bytes, size, count) : next(bytes, size, count, stream);
}
