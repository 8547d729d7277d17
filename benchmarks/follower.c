/*
 * The physical limit of a recorder of jobs: runs a command, wakes at whole multiples of an interval, reads io and stat
 * of each process of the job, takes their numbers apart, and does nothing else.
 *
 *   follower INTERVAL COMMAND [ARGUMENT...]
 *
 * INTERVAL is nanoseconds. Looks for new processes among the numbers that the kernel gave since the last tick (not
 * where they begin anew): those are of the job whose parent is. No files stay open, as most processes of a build live
 * for few ticks. Of several ticks that are due only the latest is run. Ends with the job, and with its status.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER = 1 << 13, MEMBERS = 1 << 16, GREATEST = 1 << 22, NUMBERS = 1 << 6 };

static const int64_t SECOND = 1000000000;

static char buffer[BUFFER + 1];
static uint64_t numbers[NUMBERS];
static int members[MEMBERS];
static int count;
static char is_member[GREATEST + 1];

static void fail(const char *what) {
  fprintf(stderr, "follower: %s: %s\n", what, strerror(errno));
  exit(125);
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * SECOND + time.tv_nsec;
}

/* Fills the buffer from a file that is opened for that; 0 if it is gone. */
static int fill(int pid, const char *name) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return 0;
  }
  ssize_t got = read(file, buffer, BUFFER);
  close(file);
  buffer[got > 0 ? got : 0] = '\0';
  return got > 0;
}

/* Takes the numbers of the buffer from a place on apart. */
static void parse(const char *from) {
  int found = 0, inside = 0;
  uint64_t value = 0;
  for (const char *at = from; *at != '\0'; at++) {
    unsigned digit = (unsigned char)*at - (unsigned)'0';
    if (digit <= 9) {
      value = value * 10 + digit;
      inside = 1;
    } else if (inside) {
      numbers[found++ & (NUMBERS - 1)] = value;
      value = 0;
      inside = 0;
    }
  }
}

/* Reads stat; the first of its numbers is the parent then. 0 if it is gone. */
static int read_stat(int pid) {
  if (!fill(pid, "stat")) {
    return 0;
  }
  const char *name_end = strrchr(buffer, ')');
  if (name_end == NULL) {
    return 0;
  }
  parse(name_end);
  return 1;
}

static void join(int pid) {
  if (count < MEMBERS) {
    is_member[pid] = 1;
    members[count++] = pid;
  }
}

/* Each member's io and stat; whoever is gone is none any more. */
static void read_members(void) {
  int left = 0;
  for (int i = 0; i < count; i++) {
    int pid = members[i];
    if (fill(pid, "io")) {
      parse(buffer);
    }
    if (read_stat(pid)) {
      members[left++] = pid;
    } else {
      is_member[pid] = 0;
    }
  }
  count = left;
}

/* The number that was given to the latest process. */
static int latest(int loadavg) {
  ssize_t got = pread(loadavg, buffer, BUFFER, 0);
  buffer[got > 0 ? got : 0] = '\0';
  const char *last = strrchr(buffer, ' ');
  int pid = last == NULL ? 0 : atoi(last);
  return pid > 0 && pid <= GREATEST ? pid : 0;
}

int main(int argc, char **argv) {
  int64_t interval = argc > 2 ? strtoll(argv[1], NULL, 10) : 0;
  if (interval <= 0) {
    fprintf(stderr, "follower: wants an interval in nanoseconds and a command\n");
    return 125;
  }
  int loadavg = open("/proc/loadavg", O_RDONLY | O_CLOEXEC);
  if (loadavg < 0) {
    fail("/proc/loadavg");
  }
  pid_t job = fork();
  if (job < 0) {
    fail("fork");
  }
  if (job == 0) {
    execvp(argv[2], argv + 2);
    fail(argv[2]);
  }
  join(job);
  int known = job;
  int64_t due = now();
  for (;;) {
    int status;
    pid_t ended = waitpid(job, &status, WNOHANG);
    if (ended < 0) {
      fail("wait");
    }
    if (ended == job) {
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    read_members();
    int newest = latest(loadavg);
    for (int pid = known + 1; pid <= newest; pid++) {
      if (read_stat(pid) && numbers[0] <= GREATEST && is_member[numbers[0]]) {
        join(pid);
      }
    }
    known = newest;
    int64_t behind = now() - due;
    due += behind < 0 ? interval : (behind / interval + 1) * interval;
    struct timespec wake = {.tv_sec = due / SECOND, .tv_nsec = due % SECOND};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &wake, NULL) == EINTR) {
    }
  }
}
