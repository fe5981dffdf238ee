/*
 * A disk between a program and its files, put there by LD_PRELOAD: it knows which changes to a data directory were
 * not synced yet, so that a power cut can take them back, and it fails or delays calls when it is told to.
 *
 * What counts as lost follows ext4 with data=ordered: the bytes of a file are safe after an fsync of that file;
 * names (create, rename, unlink) share one journal and are safe after an fsync of anything.
 *
 * Not followed: descriptors made by dup, what is printed to a stream by other calls than fwrite, and files without
 * meaning after a restart (LMDB's table of readers, LevelDB's diary). Linux on 64 bits.
 */
#ifndef TIPCART_SHIM_H
#define TIPCART_SHIM_H
#define _GNU_SOURCE
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>

_Static_assert(sizeof(off_t) == 8, "files of 64 bits");

enum record_kind {
  RECORD_WRITE = 1,
  RECORD_TRUNCATE = 2,
  RECORD_SYNCED = 3,
  RECORD_DURABLE = 4,
  RECORD_CREATE = 5,
  RECORD_RENAME = 6,
  RECORD_UNLINK = 7,
};

/* What stands in the journal, followed by `saved` bytes of old content and two paths. undo-journal.ts reads it. */
struct record {
  uint32_t magic;
  uint32_t kind;
  uint64_t seq;
  uint64_t ino;
  /* Of a write; of a truncation the new size; of a name the number of the file that was saved, or 0. */
  uint64_t offset;
  uint64_t size_before;
  uint32_t length;
  uint32_t saved;
  uint32_t path_length;
  uint32_t other_path_length;
};
_Static_assert(sizeof(struct record) == 56, "as undo-journal.ts reads it");

/* One page shared with the harness, which writes the first half; the shim counts in the second. */
struct control {
  uint64_t write_errno;
  uint64_t sync_errno;
  uint64_t read_errno;
  uint64_t open_errno;
  uint64_t delay_us;
  uint64_t reserved[3];
  uint64_t attached;
  uint64_t writes;
  uint64_t syncs;
  uint64_t failures;
  uint64_t delays;
};

extern struct control *control;
/* Absolute, without a slash at its end; NULL where nothing is followed. */
extern const char *data_directory;

/* Held from looking at a file until it is changed and the change is in the journal. */
void lock_journal(void);
void unlock_journal(void);

/* All but sync_begun want the lock. */
uint64_t note_write(uint64_t ino, uint64_t offset, uint64_t length, uint64_t size_before, const void *old,
                    uint32_t old_length);
void note_durable(uint64_t ino, uint64_t seq);
void note_truncate(uint64_t ino, uint64_t new_size, uint64_t size_before, const void *old, uint32_t old_length);
void note_create(const char *path);
void note_rename(const char *from, const char *to);
void note_unlink(const char *path);
/* A sync covers what was noted before it began, so the number is taken first. */
uint64_t sync_begun(void);
void note_synced(uint64_t ino, uint64_t upto);

/* Ends the process with a sentence on stderr: what cannot be followed must not look like a disk that holds. */
void give_up(const char *sentence) __attribute__((noreturn));
#endif
