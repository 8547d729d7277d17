/*
 * Processes that do nothing: so many children that sleep for good, in one process group.
 *
 *   sleepers COUNT
 *
 * Prints "ready" when all of them are there. They end with this process, and it ends with its parent.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Ends with the parent; also if that has ended already. */
static void end_with(pid_t parent) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) {
    _exit(1);
  }
}

int main(int argc, char **argv) {
  pid_t parent = getppid(), self = getpid();
  long count = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
  if (count < 1 || count > 1000000) {
    fprintf(stderr, "usage: sleepers COUNT\n");
    return 2;
  }
  end_with(parent);
  setpgid(0, 0);
  for (long i = 0; i < count; i++) {
    pid_t child = fork();
    if (child < 0) {
      fprintf(stderr, "sleepers: after %ld: %s\n", i, strerror(errno));
      return 1;
    }
    if (child == 0) {
      end_with(self);
      for (;;) {
        pause();
      }
    }
  }
  puts("ready");
  fflush(stdout);
  for (;;) {
    pause();
  }
}
