/*
 * The undo journal: how to take back each change that no sync has covered yet, in the order of the changes. When
 * nothing is pending the journal is emptied, so that it stays short under a program that syncs what it promises.
 */
#include "shim.h"

#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define JOURNAL_BYTES_MAX (1024ull * 1024 * 1024)
#define FILES_MAX 1024
#define RECORD_MAGIC 0x54495043u

/* A file with changes that are not synced; `ino` 0 is a free place. */
struct pending_file {
  uint64_t ino;
  uint64_t last;
  int is_gone;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct pending_file files[FILES_MAX];
static uint64_t last_seq;
static uint64_t last_name_seq;
static int are_names_pending;
static int journal_fd = -1;
static uint64_t journal_bytes;
/* What another life of the node left pending; its files are not known here, so the journal is kept as it is. */
static int is_inherited;
static uint64_t saved_numbers[FILES_MAX];
static int saved_count;

void lock_journal(void) { pthread_mutex_lock(&mutex); }
void unlock_journal(void) { pthread_mutex_unlock(&mutex); }

void give_up(const char *sentence) {
  dprintf(2, "disk shim: %s\n", sentence);
  _exit(70);
}

static const char *journal_directory(void) { return getenv("TIPCART_DISK_JOURNAL"); }

static void saved_path(char *path, uint64_t number) {
  snprintf(path, PATH_MAX, "%s/saved-%llu", journal_directory(), (unsigned long long)number);
}

static void open_journal(void) {
  char path[PATH_MAX];
  struct stat found;
  struct timespec now;
  snprintf(path, sizeof path, "%s/journal", journal_directory());
  journal_fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (journal_fd < 0 || fstat(journal_fd, &found) != 0) give_up("the undo journal cannot be opened");
  journal_bytes = (uint64_t)found.st_size;
  is_inherited = journal_bytes > 0;
  /* Numbers go on rising over the lives of a node. */
  syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
  last_seq = (uint64_t)now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec;
}

static void append(struct record *record, const void *old, const char *path, const char *other) {
  if (journal_fd < 0) open_journal();
  record->magic = RECORD_MAGIC;
  record->path_length = path == NULL ? 0 : (uint32_t)strlen(path);
  record->other_path_length = other == NULL ? 0 : (uint32_t)strlen(other);
  struct iovec parts[4] = {
      {record, sizeof *record},
      {(void *)old, record->saved},
      {(void *)path, record->path_length},
      {(void *)other, record->other_path_length},
  };
  uint64_t bytes = sizeof *record + record->saved + record->path_length + record->other_path_length;
  journal_bytes += bytes;
  if (journal_bytes > JOURNAL_BYTES_MAX) give_up("more than 1 GiB of changes is not synced");
  if (syscall(SYS_writev, journal_fd, parts, 4) != (long)bytes) give_up("the undo journal cannot be written");
}

static uint64_t next_seq(void) {
  if (journal_fd < 0) open_journal();
  return ++last_seq;
}

static struct pending_file *pending_of(uint64_t ino) {
  for (int i = 0; i < FILES_MAX; i++)
    if (files[i].ino == ino) return &files[i];
  return NULL;
}

static void set_pending(uint64_t ino, uint64_t seq) {
  struct pending_file *file = pending_of(ino);
  if (file == NULL) file = pending_of(0);
  if (file == NULL) give_up("more than 1024 files have changes that are not synced");
  *file = (struct pending_file){ino, seq, 0};
}

uint64_t note_write(uint64_t ino, uint64_t offset, uint64_t length, uint64_t size_before, const void *old,
                    uint32_t old_length) {
  struct record record = {.kind = RECORD_WRITE, .seq = next_seq(), .ino = ino, .offset = offset};
  record.size_before = size_before;
  record.length = (uint32_t)length;
  record.saved = old_length;
  append(&record, old, NULL, NULL);
  set_pending(ino, record.seq);
  return record.seq;
}

void note_truncate(uint64_t ino, uint64_t new_size, uint64_t size_before, const void *old, uint32_t old_length) {
  struct record record = {.kind = RECORD_TRUNCATE, .seq = next_seq(), .ino = ino, .offset = new_size};
  record.size_before = size_before;
  record.saved = old_length;
  append(&record, old, NULL, NULL);
  set_pending(ino, record.seq);
}

static void note_name(enum record_kind kind, const char *path, const char *other, uint64_t seq, uint64_t saved) {
  struct record record = {.kind = kind, .seq = seq, .offset = saved};
  append(&record, NULL, path, other);
  last_name_seq = seq;
  are_names_pending = 1;
}

/* Keeps a file that is about to lose its name; 0 when there is none. */
static uint64_t save(const char *path, uint64_t number) {
  char kept[PATH_MAX];
  struct stat found;
  if (lstat(path, &found) != 0 || !S_ISREG(found.st_mode)) return 0;
  if (saved_count == FILES_MAX) give_up("more than 1024 files lost their names and nothing was synced");
  saved_path(kept, number);
  if (link(path, kept) != 0) give_up("a file cannot be kept beside the undo journal");
  saved_numbers[saved_count++] = number;
  struct pending_file *file = pending_of(found.st_ino);
  if (file != NULL) file->is_gone = 1;
  return number;
}

void note_create(const char *path) { note_name(RECORD_CREATE, path, NULL, next_seq(), 0); }

void note_rename(const char *from, const char *to) {
  uint64_t seq = next_seq();
  note_name(RECORD_RENAME, from, to, seq, save(to, seq));
}

void note_unlink(const char *path) {
  uint64_t seq = next_seq();
  note_name(RECORD_UNLINK, path, NULL, seq, save(path, seq));
}

static int is_anything_pending(void) {
  if (are_names_pending || is_inherited) return 1;
  for (int i = 0; i < FILES_MAX; i++)
    if (files[i].ino != 0) return 1;
  return 0;
}

static void empty_journal(void) {
  char kept[PATH_MAX];
  if (journal_bytes == 0) return;
  if (syscall(SYS_ftruncate, journal_fd, 0) != 0) give_up("the undo journal cannot be emptied");
  journal_bytes = 0;
  for (int i = 0; i < saved_count; i++) {
    saved_path(kept, saved_numbers[i]);
    syscall(SYS_unlinkat, AT_FDCWD, kept, 0);
  }
  saved_count = 0;
}

void note_durable(uint64_t ino, uint64_t seq) {
  struct record record = {.kind = RECORD_DURABLE, .seq = seq, .ino = ino};
  append(&record, NULL, NULL, NULL);
}

uint64_t sync_begun(void) {
  lock_journal();
  uint64_t seq = last_seq;
  unlock_journal();
  return seq;
}

void note_synced(uint64_t ino, uint64_t upto) {
  struct pending_file *file = pending_of(ino);
  struct record record = {.kind = RECORD_SYNCED, .seq = upto, .ino = ino};
  if (journal_fd < 0) return;
  if (file != NULL && file->last <= upto) file->ino = 0;
  if (last_name_seq <= upto) {
    are_names_pending = 0;
    for (int i = 0; i < FILES_MAX; i++)
      if (files[i].is_gone) files[i] = (struct pending_file){0, 0, 0};
  }
  if (is_anything_pending()) append(&record, NULL, NULL, NULL);
  else empty_journal();
}
