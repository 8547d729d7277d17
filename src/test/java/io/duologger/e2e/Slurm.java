package io.duologger.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * A Slurm cluster of two nodes on loopback: the real munged, slurmctld and two slurmd. They live in
 * a name space of processes whose first process reads a pipe from this JVM: when that closes, the
 * kernel kills them all, with their jobs. It is used by one thread.
 */
final class Slurm implements AutoCloseable {
  private static final Duration COMMAND = Duration.ofSeconds(30);

  private static final String CONFIG =
      """
      ClusterName=test
      SlurmctldHost=localhost(127.0.0.1)
      SlurmUser=root
      SlurmdUser=root
      AuthType=auth/munge
      AuthInfo=socket=@D/munge/socket
      SlurmctldPort=@1
      StateSaveLocation=@D/ctl
      SlurmdSpoolDir=@D/spool.%n
      SlurmctldPidFile=@D/ctl.pid
      SlurmdPidFile=@D/d.%n.pid
      SlurmctldLogFile=@D/ctl.log
      SlurmdLogFile=@D/d.%n.log
      ProctrackType=proctrack/linuxproc
      TaskPlugin=task/none
      JobAcctGatherType=jobacct_gather/none
      AccountingStorageType=accounting_storage/none
      SelectType=select/cons_tres
      SelectTypeParameters=CR_Core
      MpiDefault=none
      ReturnToService=2
      MailProg=/bin/true
      NodeName=n1 NodeHostname=localhost NodeAddr=127.0.0.1 Port=@2 CPUs=2 State=UNKNOWN
      NodeName=n2 NodeHostname=localhost NodeAddr=127.0.0.1 Port=@3 CPUs=2 State=UNKNOWN
      PartitionName=p Nodes=ALL Default=YES MaxTime=INFINITE State=UP
      PartitionName=q Nodes=n2 MaxTime=INFINITE State=UP
      """;

  /** Run with the folder. The shell stays to reap what daemons leave to the first process. */
  private static final String DAEMONS =
      """
      cd "$1"
      export SLURM_CONF="$1/slurm.conf"
      setpriv --reuid munge --regid munge --clear-groups munged --foreground --force \
        --socket="$1/munge/socket" --key-file="$1/munge/key" --log-file="$1/munge/log" \
        --pid-file="$1/munge/pid" --seed-file="$1/munge/seed" > munged.out 2>&1 < /dev/null &
      for try in 1 2 3 4 5 6 7 8 9 10; do
        test -S "$1/munge/socket" && break
        sleep 0.5
      done
      slurmctld -D -c > slurmctld.out 2>&1 < /dev/null &
      slurmd -D -N n1 -c > n1.out 2>&1 < /dev/null &
      slurmd -D -N n2 -c > n2.out 2>&1 < /dev/null &
      cat > /dev/null
      """;

  private final Path folder;
  private final Process nameSpace;

  private Slurm(Path folder, Process nameSpace) {
    this.folder = folder;
    this.nameSpace = nameSpace;
  }

  /** Starts it below the empty folder {@code folder}, and waits for both nodes. */
  static Slurm start(Path folder) throws IOException, InterruptedException {
    Machine.needsRoot();
    Machine.needsPrograms("unshare", "setpriv", "munged", "slurmctld", "slurmd");
    Machine.needsPrograms("squeue", "sinfo", "sbatch", "scontrol");
    prepare(folder);
    Process nameSpace =
        new ProcessBuilder(
                "unshare",
                "--pid",
                "--fork",
                "--kill-child",
                "--mount-proc",
                "sh",
                "-c",
                DAEMONS,
                "sh",
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("daemons.out").toFile())
            .start();
    Slurm slurm = new Slurm(folder, nameSpace);
    try {
      Running.poll(
          COMMAND.plus(Running.MARGIN), "idle nodes", () -> slurm.idle() == 2, () -> slurm.log());
      return slurm;
    } catch (InterruptedException | RuntimeException | Error e) {
      slurm.close();
      throw e;
    }
  }

  private static void prepare(Path folder) throws IOException, InterruptedException {
    Path munge = Files.createDirectory(folder.resolve("munge"));
    for (String name : List.of("ctl", "spool.n1", "spool.n2")) {
      Files.createDirectory(folder.resolve(name));
    }
    byte[] key = new byte[1024];
    ThreadLocalRandom.current().nextBytes(key);
    Path file = Files.write(munge.resolve("key"), key);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
    Running.run("chown", "-R", "munge:munge", munge.toString());
    Files.setPosixFilePermissions(munge, PosixFilePermissions.fromString("rwx--x--x"));
    // munged wants every folder above its socket to be open to all.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    String config = CONFIG.replace("@D", folder.toString());
    Deque<Integer> ports = new ArrayDeque<>();
    while (ports.size() < 3) {
      int port = Machine.freePort();
      if (!ports.contains(port)) {
        ports.add(port);
      }
    }
    for (String place : List.of("@1", "@2", "@3")) {
      config = config.replace(place, Integer.toString(ports.remove()));
    }
    Files.writeString(folder.resolve("slurm.conf"), config);
  }

  /** The configuration. */
  Path config() {
    return folder.resolve("slurm.conf");
  }

  /** Runs one of its programs, which has to succeed. */
  List<String> run(String... command) throws IOException, InterruptedException {
    try (Running running = Running.start(command(Stream.of(command)))) {
      assertEquals(0, running.exitWithin(COMMAND), running::all);
      return running.out();
    }
  }

  private ProcessBuilder command(Stream<String> words) {
    ProcessBuilder command = new ProcessBuilder(words.toList());
    command.environment().put("SLURM_CONF", config().toString());
    return command;
  }

  private long idle() {
    try (Running running =
        Running.start(command(Stream.of("sinfo", "-h", "-N", "-p", "p", "-o", "%T")))) {
      return running.exitWithin(COMMAND) == 0
          ? running.out().stream().filter("idle"::equals).count()
          : 0;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private String log() {
    StringBuilder log = new StringBuilder();
    for (String name : List.of("munged.out", "slurmctld.out", "n1.out", "n2.out", "ctl.log")) {
      try {
        log.append(name).append(": ").append(Files.readString(folder.resolve(name))).append('\n');
      } catch (IOException none) {
        log.append("no ").append(name).append('\n');
      }
    }
    return log.toString();
  }

  @Override
  public void close() {
    nameSpace.destroyForcibly();
    try {
      nameSpace.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
