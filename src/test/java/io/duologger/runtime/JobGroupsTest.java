package io.duologger.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Control groups of both versions, with and without the rights that a user may have. */
class JobGroupsTest {
  private static final long ME = 100;
  private static final String NAME = "memrec-100";

  @TempDir Path folder;

  private static JobGroups groups(FakeKernel kernel) {
    return new JobGroups(kernel.host(), kernel, ME);
  }

  @Test
  void version2MakesItBesideTheOwnGroupWhereTheOneAboveHandsOutMemory() throws IOException {
    FakeKernel kernel = new FakeKernel(folder, 2);
    Path slice = kernel.group("user.slice/app.slice", true);
    kernel.delegate(slice);
    Path own = kernel.group("user.slice/app.slice/run-1.scope", true);
    kernel.place(ME, own);
    kernel.place(7, own);
    JobGroup group = made(kernel, own, true);
    assertEquals(slice.resolve(NAME), group.folder());
    assertEquals("/user.slice/app.slice/" + NAME, group.name());
  }

  /** A group that is made, entered, left and removed, after which all is as it was. */
  private static JobGroup made(FakeKernel kernel, Path own, boolean staysBetween)
      throws IOException {
    Set<Path> before = kernel.groups();
    JobGroup group = groups(kernel).create(NAME).orElseThrow();
    assertTrue(group.own());
    assertFalse(group.sharedWithRecorder());
    assertEquals(staysBetween, kernel.processes(own).contains(ME));
    group.enter();
    assertEquals(List.of(ME), kernel.processes(group.folder()));
    group.leave();
    assertEquals(List.of(), kernel.processes(group.folder()));
    group.remove();
    assertEquals(before, kernel.groups());
    assertTrue(kernel.processes(own).contains(ME));
    return group;
  }

  @Test
  void version2MakesItBelowTheOwnGroupWhenNobodyElseIsInIt() throws IOException {
    FakeKernel kernel = new FakeKernel(folder, 2);
    Path own = kernel.group("system.slice/job.service", true);
    kernel.place(ME, own);
    JobGroup group = made(kernel, own, false);
    assertEquals(own.resolve(NAME), group.folder());
    assertEquals(
        List.of(
            "make system.slice/job.service/memrec-100.recorder",
            "100 > system.slice/job.service/memrec-100.recorder/cgroup.procs",
            "+memory > system.slice/job.service/cgroup.subtree_control",
            "100 > system.slice/job.service/memrec-100.recorder/cgroup.procs",
            "make system.slice/job.service/memrec-100"),
        kernel.done.subList(0, 5));
    assertFalse(GroupPlace.words(own.resolve("cgroup.subtree_control")).contains("memory"));
  }

  @Test
  void version2MovesNobodyElseOutOfTheOwnGroup() throws IOException {
    FakeKernel kernel = new FakeKernel(folder, 2);
    Path own = kernel.group("system.slice/job.service", true);
    kernel.place(7, own);
    kernel.place(ME, own);
    refused(
        kernel,
        "/system.slice hands out no memory; other processes are in /system.slice/job.service");
  }

  private static void refused(FakeKernel kernel, String why) {
    Set<Path> before = kernel.groups();
    JobGroups groups = groups(kernel);
    assertEquals(Optional.empty(), groups.create(NAME).map(JobGroup::name));
    assertEquals(why, groups.why());
    assertEquals(before, kernel.groups(), "nothing is left behind");
  }

  @Test
  void version2AtTheRootNeedsNoEmptyGroup() throws IOException {
    FakeKernel kernel = new FakeKernel(folder, 2);
    Path root = kernel.group("", true);
    kernel.place(7, root);
    kernel.place(ME, root);
    refused(kernel, "/ has no control group above it; / hands out no memory");
    kernel.delegate(root);
    assertEquals("/" + NAME, made(kernel, root, true).name());
  }

  @Test
  void anOrdinaryUsersSessionIsRefusedInOneLine() throws IOException {
    FakeKernel kernel = new FakeKernel(folder, 2);
    Path slice = kernel.group("user.slice/user-1000.slice", false);
    kernel.delegate(slice);
    Path own = kernel.group("user.slice/user-1000.slice/session-2.scope", false);
    kernel.place(ME, own);
    refused(
        kernel,
        own.resolve("cgroup.procs")
            + ": permission denied; "
            + own.resolve(NAME + ".recorder")
            + ": permission denied");
  }

  @Test
  void aGroupThatCannotBeEnteredIsRemovedAgain() throws IOException {
    FakeKernel kernel = new FakeKernel(folder, 2);
    Path slice = kernel.group("user.slice/app.slice", true);
    kernel.delegate(slice);
    Path own = kernel.group("user.slice/app.slice/run-1.scope", true);
    kernel.place(ME, own);
    Set<Path> before = kernel.groups();
    kernel.refusesProcesses(slice.resolve(NAME));
    kernel.refusesProcesses(own.resolve(NAME));
    JobGroups groups = groups(kernel);
    assertEquals(Optional.empty(), groups.create(NAME).map(JobGroup::name));
    assertTrue(
        groups.why().startsWith(slice.resolve(NAME) + "/cgroup.procs: permission denied; "),
        groups.why());
    assertEquals(before, kernel.groups());
    assertEquals(List.of(ME), kernel.processes(own));
  }

  @Test
  void whoCannotComeBackDoesNotGo() throws IOException {
    FakeKernel kernel = new FakeKernel(folder, 2);
    Path slice = kernel.group("user.slice/app.slice", true);
    kernel.delegate(slice);
    Path own = kernel.group("user.slice/app.slice/run-1.scope", false);
    kernel.place(ME, own);
    kernel.place(7, own);
    refused(
        kernel,
        own
            + "/cgroup.procs: permission denied; other processes are in /user.slice/app.slice/run-1.scope");
  }

  @Test
  void version1MakesItBelowTheOwnGroup() throws IOException {
    FakeKernel kernel = new FakeKernel(folder, 1);
    Path own = kernel.group("slurm/uid_1/job_7", true);
    kernel.place(7, own);
    kernel.place(ME, own);
    assertEquals("/slurm/uid_1/job_7/" + NAME, made(kernel, own, true).name());
    Path foreign = kernel.group("slurm/uid_1/job_8", false);
    kernel.place(ME, foreign);
    refused(kernel, foreign.resolve("cgroup.procs") + ": permission denied");
  }

  @Test
  void emptyGroupsThatEndedRecordersHaveLeftAreRemoved() throws IOException {
    FakeKernel kernel = new FakeKernel(folder, 1);
    Path own = kernel.group("a", true);
    Path used = kernel.group("a/memrec-21", true);
    kernel.place(8, used);
    kernel.place(ME, own);
    Path empty = kernel.group("a/memrec-22", true);
    Path foreign = kernel.group("a/other-23", true);
    Path running = kernel.group("a/memrec-24", true);
    Files.createDirectories(kernel.host().proc().resolve("24"));
    groups(kernel).create("memrec-4242").orElseThrow();
    assertEquals(
        List.of(true, false, true, true),
        Stream.of(used, empty, foreign, running).map(Files::exists).toList());
  }

  @Test
  void aGroupWithProcessesStays() throws IOException {
    FakeKernel kernel = new FakeKernel(folder, 1);
    kernel.place(ME, kernel.group("a", true));
    JobGroup group = groups(kernel).create(NAME).orElseThrow();
    kernel.place(7, group.folder());
    kernel.place(8, group.folder());
    IOException stays = assertThrows(IOException.class, group::remove);
    assertEquals(group.folder() + " stays: processes in it: 2", stays.getMessage());
    assertEquals(List.of(7L, 8L), kernel.processes(group.folder()));
  }

  @ParameterizedTest
  @CsvSource({"2, memory.peak, memory.max", "1, memory.max_usage_in_bytes, memory.limit_in_bytes"})
  void tellsThePeakAndTheSmallestLimitOnTheWayUp(int version, String peak, String limit)
      throws IOException {
    FakeKernel kernel = new FakeKernel(folder, version);
    Path own = kernel.group("a/b/c", true);
    if (version == 2) {
      kernel.delegate(kernel.group("a/b", true));
    }
    kernel.place(ME, own);
    JobGroup group = groups(kernel).create(NAME).orElseThrow();
    assertEquals(OptionalLong.empty(), group.peak(), "before Linux 5.19");
    assertEquals(Optional.empty(), group.limit());
    Files.writeString(group.folder().resolve(peak), "123456789\n");
    Files.writeString(group.folder().resolve(limit), "max\n");
    Files.writeString(own.resolve(limit), version == 2 ? "max\n" : "9223372036854771712\n");
    Files.writeString(own.getParent().resolve(limit), "300\n");
    Files.writeString(own.getParent().getParent().resolve(limit), "400\n");
    assertEquals(OptionalLong.of(123456789), group.peak());
    assertEquals(Optional.of(new MemoryLimit(300, "cgroup /a/b")), group.limit());
    Files.writeString(group.folder().resolve(peak), "-1\n");
    assertEquals(OptionalLong.empty(), group.peak());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "slurm/uid_1000/job_12/step_0/task_0",
        "system.slice/slurmstepd.scope/job_12/step_0/user/task_0",
        "sge/12.1",
        "pbs_jobs.service/jobid/12.server",
        "torque/12.server",
        "htcondor/condor_execute_slot1@host",
        "lsf/cluster/job.12.34.56",
        "docker/0123abcd",
        "kubepods.slice/kubepods-pod1.slice/cri-containerd-0123.scope"
      })
  void aBatchJobsOwnGroupNeedsNoRightsAndHoldsTheRecorder(String path) throws IOException {
    FakeKernel kernel = new FakeKernel(folder, 2);
    Path own = kernel.group(path, false);
    Path above = own.getParent();
    Files.writeString(above.resolve("memory.peak"), "5000\n");
    Files.writeString(above.resolve("memory.max"), "6000\n");
    kernel.place(ME, own);
    JobGroup group = groups(kernel).batchGroup().orElseThrow();
    assertEquals(above, group.folder(), "the nearest that tells of memory");
    assertTrue(group.sharedWithRecorder());
    assertFalse(group.own());
    assertEquals(OptionalLong.of(5000), group.peak());
    assertEquals(6000, group.limit().orElseThrow().bytes());
    assertThrows(IllegalStateException.class, group::enter);
  }

  @Test
  void aSessionIsNoBatchJob() throws IOException {
    FakeKernel kernel = new FakeKernel(folder, 2);
    kernel.place(ME, kernel.group("user.slice/user-1000.slice/session-2.scope", false));
    JobGroups groups = groups(kernel);
    assertEquals(Optional.empty(), groups.batchGroup().map(JobGroup::name));
    assertEquals(
        "/user.slice/user-1000.slice/session-2.scope is no batch job's control group",
        groups.why());
  }

  @Test
  void whereNothingIsMountedNothingIsMade() throws IOException {
    Files.createDirectories(folder.resolve("proc/self"));
    JobGroups groups =
        new JobGroups(new HostFiles(folder.resolve("proc"), folder), GroupFiles.KERNEL, ME);
    assertEquals(Optional.empty(), groups.create(NAME).map(JobGroup::name));
    assertTrue(groups.why().contains("mountinfo"), groups.why());
    Files.writeString(
        folder.resolve("proc/self/mountinfo"), "no mounts\n - \n\n22 27 0:21 / - x\n");
    Files.writeString(folder.resolve("proc/self/cgroup"), "0::/\n");
    for (Optional<JobGroup> none :
        List.of(groups.create(NAME), groups.batchGroup(), groups.of(1))) {
      assertTrue(none.isEmpty());
    }
    assertThrows(IllegalArgumentException.class, () -> groups.create("../x"));
    assertThrows(IllegalArgumentException.class, () -> groups.create(".."));
  }

  @Test
  void aContainersGroupIsWhereItIsMounted() throws IOException {
    FakeKernel kernel = new FakeKernel(folder, 1);
    Path point = folder.resolve("sys/fs/cgroup/memory");
    Files.writeString(
        folder.resolve("proc/self/mountinfo"),
        "35 31 0:32 /docker/0123 /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n");
    kernel.place(ME, point);
    Files.writeString(folder.resolve("proc/self/cgroup"), "4:cpu,memory:/docker/0123\n");
    assertEquals(point, GroupPlace.of(kernel.host(), "self").folder());
    for (String outside : List.of("/docker/0124", "/../..", "/docker/01234")) {
      Files.writeString(folder.resolve("proc/self/cgroup"), "4:memory:" + outside + "\n");
      IOException unseen =
          assertThrows(IOException.class, () -> GroupPlace.of(kernel.host(), "self"));
      assertEquals(
          "the control group " + outside + " can't be seen from here", unseen.getMessage());
    }
    Files.writeString(folder.resolve("proc/self/cgroup"), "3:cpuset:/\n0::/\n");
    assertThrows(IOException.class, () -> GroupPlace.of(kernel.host(), "self"));
  }

  @Test
  void anotherProcessesGroupIsFoundUnlessItIsTheSame() throws IOException {
    FakeKernel kernel = new FakeKernel(folder, 2);
    Path other = kernel.group("user.slice/run-r1.scope", false);
    kernel.place(7, other);
    kernel.place(ME, kernel.group("user.slice/session-2.scope", false));
    JobGroup group = groups(kernel).of(7).orElseThrow();
    assertEquals(other, group.folder());
    assertFalse(group.sharedWithRecorder());
    kernel.place(7, kernel.group("user.slice/session-2.scope", false));
    kernel.place(ME, kernel.group("user.slice/session-2.scope", false));
    assertEquals(Optional.empty(), groups(kernel).of(7).map(JobGroup::name));
    kernel.place(7, kernel.group("user.slice", false));
    kernel.place(ME, kernel.group("user.slice/session-2.scope", false));
    assertTrue(groups(kernel).of(7).orElseThrow().sharedWithRecorder());
  }

  @Test
  void aScopeIsAskedForWhereThereIsAManager() throws IOException {
    FakeKernel kernel = new FakeKernel(folder, 2);
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Map<String, String> user =
        Map.of("PATH", "relative:" + bin, "XDG_RUNTIME_DIR", "/run/user/1000");
    JobGroups groups = groups(kernel);
    assertEquals(List.of(), groups.scope(user));
    assertEquals("no program systemd-run", groups.why());
    Path program =
        Files.createFile(
            bin.resolve("systemd-run"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    assertEquals(List.of(), groups.scope(user));
    assertEquals("no service manager of systemd for this user", groups.why());
    Files.createDirectories(folder.resolve("run/user/1000"));
    Files.createFile(folder.resolve("run/user/1000/bus"));
    List<String> options = List.of("--quiet", "-p", "MemoryAccounting=yes", "--");
    assertEquals(
        words(List.of(program.toString(), "--user", "--scope"), options), groups.scope(user));
    Files.createDirectories(folder.resolve("run/systemd/system"));
    assertEquals(
        words(List.of(program.toString(), "--user", "--scope"), options), groups.scope(user));
    Files.writeString(folder.resolve("proc/self/status"), "Name:\tjava\nUid:\t0\t0\t0\t0\n");
    assertEquals(words(List.of(program.toString(), "--scope"), options), groups.scope(user));
  }

  private static List<String> words(List<String> one, List<String> other) {
    return java.util.stream.Stream.concat(one.stream(), other.stream()).toList();
  }
}
