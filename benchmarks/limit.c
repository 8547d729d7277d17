/*
 * The physical limit of a recorder: wakes at whole multiples of an interval, reads the files, takes
 * their numbers apart, and does nothing else.
 *
 *   limit [-r] [-p PHASE] [-w TICKS] INTERVAL TICKS [FILE...]
 *
 * INTERVAL and PHASE are nanoseconds. Ticks are due at the multiples of INTERVAL since the epoch plus
 * PHASE, on the monotonic clock. The -w TICKS first ones warm up and are in no figure. Of several ticks
 * that are due only the latest is run; the others are missed. TERM and INT end it early.
 * Prints one line of key=value: ticks, missed, cpu_ratio (of a core), and lateness_seconds_ of the
 * wake-up, with -r of each read's start: p50, p99 and max (nearest rank).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { FILES = 20000, BUFFER = 1 << 20, NUMBERS = 1 << 16 };

static const int64_t SECOND = 1000000000;
static const int64_t MOST_TICKS = 100000000;

static char buffer[BUFFER];
static uint64_t numbers[NUMBERS];
static volatile sig_atomic_t stopped;

static void stop(int signal) {
  (void)signal;
  stopped = 1;
}

static int fail(const char *what) {
  fprintf(stderr, "limit: %s: %s\n", what, strerror(errno));
  return 1;
}

static int64_t now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec * SECOND + time.tv_nsec;
}

static int by_size(const void *left, const void *right) {
  int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
  return (a > b) - (a < b);
}

/* The number in text, at least least; ends the program if it is none. */
static int64_t number(const char *text, int64_t least) {
  char *end;
  errno = 0;
  long long value = strtoll(text, &end, 10);
  if (errno != 0 || end == text || *end != '\0' || value < least || value > MOST_TICKS * SECOND / 1000) {
    fprintf(stderr, "limit: not a number to use here: %s\n", text);
    exit(2);
  }
  return value;
}

/* Reads the whole file and returns the sum of its numbers, so that no compiler leaves them out. */
static uint64_t read_numbers(int file) {
  ssize_t length = 0, got;
  while (length < BUFFER && (got = pread(file, buffer + length, (size_t)(BUFFER - length), length)) > 0) {
    length += got;
  }
  int count = 0, inside = 0;
  uint64_t value = 0, sum = 0;
  for (ssize_t i = 0; i < length; i++) {
    unsigned digit = (unsigned char)buffer[i] - (unsigned)'0';
    if (digit <= 9) {
      value = value * 10 + digit;
      inside = 1;
    } else if (inside) {
      numbers[count++ & (NUMBERS - 1)] = value;
      value = 0;
      inside = 0;
    }
  }
  for (int i = 0; i < count && i < NUMBERS; i++) {
    sum += numbers[i];
  }
  return sum;
}

int main(int argc, char **argv) {
  int64_t phase = 0, warm_up = 0;
  int each_read = 0;
  for (int option; (option = getopt(argc, argv, "+rp:w:")) != -1;) {
    if (option == 'p') {
      phase = number(optarg, 0);
    } else if (option == 'w') {
      warm_up = number(optarg, 0);
    } else if (option == 'r') {
      each_read = 1;
    } else {
      return 2;
    }
  }
  int first_file = optind + 2, files = argc - first_file;
  if (files < 0 || files > FILES) {
    fprintf(stderr, "usage: limit [-r] [-p PHASE] [-w TICKS] INTERVAL TICKS [FILE...], at most %d files\n", FILES);
    return 2;
  }
  int64_t interval = number(argv[optind], 1), ticks = number(argv[optind + 1], 1);
  if (ticks > MOST_TICKS) {
    fprintf(stderr, "limit: too many ticks\n");
    return 2;
  }
  static int file[FILES];
  for (int i = 0; i < files; i++) {
    file[i] = open(argv[first_file + i], O_RDONLY | O_CLOEXEC);
    if (file[i] < 0) {
      return fail(argv[first_file + i]);
    }
  }
  int starts = each_read && files > 0 ? files : 1;
  int64_t *late = malloc((size_t)ticks * (size_t)starts * sizeof *late);
  if (late == NULL) {
    return fail("memory");
  }
  struct sigaction action = {.sa_handler = stop};
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);

  int64_t monotonic = now(CLOCK_MONOTONIC), since_grid = (now(CLOCK_REALTIME) - phase) % interval;
  int64_t due = monotonic + interval - since_grid;
  int64_t cpu = now(CLOCK_PROCESS_CPUTIME_ID), start = monotonic;
  int64_t done = -warm_up, missed = 0;
  uint64_t sum = 0;
  while (done < ticks && !stopped) {
    struct timespec wake = {.tv_sec = due / SECOND, .tv_nsec = due % SECOND};
    if (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &wake, NULL) != 0) {
      continue;
    }
    int64_t woken = now(CLOCK_MONOTONIC);
    if (done == 0) {
      cpu = now(CLOCK_PROCESS_CPUTIME_ID);
      start = woken;
      missed = 0;
    }
    if (done >= 0) {
      late[done * starts] = woken - due;
    }
    for (int i = 0; i < files; i++) {
      if (done >= 0 && 0 < i && i < starts) {
        late[done * starts + i] = now(CLOCK_MONOTONIC) - due;
      }
      sum += read_numbers(file[i]);
    }
    done++;
    due += interval;
    int64_t behind = now(CLOCK_MONOTONIC) - due;
    if (behind > 0) {
      missed += behind / interval;
      due += behind / interval * interval;
    }
  }
  cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  if (done <= 0) {
    fprintf(stderr, "limit: ended before the first tick that counts\n");
    return 1;
  }
  /* The first tick that counts is the start, so one interval of the last tick is still to come. */
  int64_t span = now(CLOCK_MONOTONIC) - start;
  span = span < done * interval ? done * interval : span;
  int64_t all = done * starts;
  qsort(late, (size_t)all, sizeof *late, by_size);
  printf("ticks=%lld missed=%lld cpu_ratio=%.6f lateness_seconds_p50=%.9f lateness_seconds_p99=%.9f "
         "lateness_seconds_max=%.9f checksum=%llu\n",
         (long long)done, (long long)missed, (double)cpu / (double)span,
         (double)late[(all * 50 + 99) / 100 - 1] / 1e9, (double)late[(all * 99 + 99) / 100 - 1] / 1e9,
         (double)late[all - 1] / 1e9, (unsigned long long)sum);
  return 0;
}
