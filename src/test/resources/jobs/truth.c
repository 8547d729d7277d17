/* Jobs that use just what they are told to: JOB ARGUMENTS, times in milliseconds and sizes in MiB. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static double used(int whose) {
  struct rusage usage;
  getrusage(whose, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void pause_for(long millis) {
  double end = now(CLOCK_MONOTONIC) + millis / 1e3;
  while (now(CLOCK_MONOTONIC) < end) usleep(1000);
}

static void work(long millis) {
  double end = now(CLOCK_PROCESS_CPUTIME_ID) + millis / 1e3;
  while (now(CLOCK_PROCESS_CPUTIME_ID) < end);
}

static char *fill(long mebibytes) {
  size_t size = (size_t)mebibytes << 20;
  char *memory = malloc(size);
  if (!memory) exit(99);
  memset(memory, 1, size);
  return memory;
}

/* After a pause holds memory for a while, and lives on without it. */
static int hold(char **argument) {
  pause_for(atol(argument[0]));
  char *memory = fill(atol(argument[1]));
  pause_for(atol(argument[2]));
  free(memory);
  pause_for(atol(argument[3]));
  return 0;
}

/* Workers with memory of their own, the first with so much, each other with as much more; all at the same time. */
static int workers(char **argument) {
  long count = atol(argument[0]);
  int ready[2];
  int go[2];
  if (pipe(ready) || pipe(go)) return 98;
  for (long i = 1; i <= count; i++) {
    if (fork() == 0) {
      close(go[1]);
      fill(i * atol(argument[1]));
      char c = 0;
      if (write(ready[1], &c, 1) != 1) _exit(97);
      _exit(read(go[0], &c, 1));
    }
  }
  char c;
  for (long i = 0; i < count; i++) {
    if (read(ready[0], &c, 1) != 1) return 96;
  }
  pause_for(atol(argument[2]));
  close(go[1]);
  while (wait(0) > 0);
  return 0;
}

/* Many children one after the other, two at a time, of so much work each; says what the kernel counted. */
static int children(char **argument) {
  int running = 0;
  for (long i = 0; i < atol(argument[0]); i++) {
    if (fork() == 0) {
      work(atol(argument[1]));
      _exit(0);
    }
    if (++running == 2) {
      wait(0);
      running--;
    }
  }
  while (wait(0) > 0);
  printf("%f\n", used(RUSAGE_SELF) + used(RUSAGE_CHILDREN));
  return 0;
}

/* Works with much memory, then becomes another program. */
static int become(char **argument) {
  fill(atol(argument[0]));
  work(atol(argument[1]));
  execv(argument[2], argument + 2);
  return 95;
}

/*
 * A daemon, forked twice and in a session of its own, which holds memory until a file is there, and a worker whose
 * parent ends at once. Says both their numbers, and that of itself. Its own end is when another file is there.
 */
static int daemons(char **argument) {
  int told[2];
  if (pipe(told)) return 94;
  for (int i = 0; i < 2; i++) {
    if (fork() == 0) {
      if (i == 0) setsid();
      if (fork() == 0) {
        dprintf(told[1], "%d\n", getpid());
        if (i == 1) {
          work(atol(argument[1]));
          _exit(0);
        }
        int nothing = open("/dev/null", O_RDWR);
        for (int file = 0; file < 3; file++) dup2(nothing, file);
        fill(atol(argument[0]));
        while (access(argument[2], F_OK)) usleep(10000);
        _exit(0);
      }
      _exit(0);
    }
    wait(0);
    char line[32];
    ssize_t n = read(told[0], line, sizeof line);
    if (n <= 0) return 93;
    printf("%.*s", (int)n, line);
  }
  printf("%d\n", getpid());
  fflush(stdout);
  while (access(argument[3], F_OK)) usleep(10000);
  return 0;
}

/* Memory, work, many short pauses, and two children of the same. */
static int mixture(char **argument) {
  for (int i = 0; i < 3; i++) {
    if (i == 2 || fork() == 0) {
      fill(atol(argument[0]));
      work(atol(argument[1]));
      for (int j = 0; j < atol(argument[2]); j++) usleep(100);
      if (i < 2) _exit(0);
    }
  }
  while (wait(0) > 0);
  return 0;
}

int main(int count, char **words) {
  struct {
    const char *name;
    int arguments;
    int (*run)(char **);
  } jobs[] = {{"hold", 4, hold},     {"workers", 3, workers}, {"children", 2, children},
              {"become", 3, become}, {"daemons", 4, daemons}, {"mixture", 3, mixture}};
  for (size_t i = 0; count > 1 && i < sizeof jobs / sizeof jobs[0]; i++) {
    if (strcmp(words[1], jobs[i].name) == 0 && count - 2 >= jobs[i].arguments) return jobs[i].run(words + 2);
  }
  return 92;
}
