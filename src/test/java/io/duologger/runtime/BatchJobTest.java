package io.duologger.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The variables of each system by its manual. */
class BatchJobTest {
  private static final HostFiles NOWHERE = new HostFiles(Path.of("/nowhere"), Path.of("/nowhere"));

  /** Variables with semicolons in between, underscores for none. */
  private static Map<String, String> environment(String pairs) {
    Map<String, String> environment = new HashMap<>(Map.of("PATH", "/bin", "HOME", "/home/ann"));
    for (String pair : pairs.split(";")) {
      String[] words = pair.strip().split("=", 2);
      environment.put(words[0], words[1]);
    }
    return environment;
  }

  private static String told(BatchJob job) {
    return job.infos().entrySet().stream()
        .map(info -> info.getKey().replace("batch_", "") + "=" + info.getValue())
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SLURM_JOB_ID=12;SLURM_JOB_NAME=a b;SLURM_JOB_PARTITION=long;SLURM_CPUS_ON_NODE=4;SLURM_JOB_NUM_NODES=2;SLURM_MEM_PER_NODE=2048 | system=slurm job=12 name=a b queue=long cpus=4 nodes=2 | 2147483648
          SLURM_JOB_ID=14;SLURM_ARRAY_JOB_ID=12;SLURM_ARRAY_TASK_ID=0;SLURM_CPUS_ON_NODE=3;SLURM_MEM_PER_CPU=100 | system=slurm job=14 array=12 task=0 cpus=3 | 314572800
          SLURM_JOBID=15;SLURM_NNODES=1;SLURM_MEM_PER_CPU=100;SLURM_MEM_PER_NODE=0 | system=slurm job=15 nodes=1 | -
          SLURM_JOB_ID=16;SLURM_MEM_PER_NODE=4G | system=slurm job=16 | 4294967296
          SLURM_JOB_ID=17;SLURM_MEM_PER_CPU=999999999999999;SLURM_CPUS_ON_NODE=900000 | system=slurm job=17 cpus=900000 | -
          SLURM_JOB_ID=18;SLURM_MEM_PER_NODE=-5;SLURM_MEM_PER_CPU=x | system=slurm job=18 | -
          JOB_ID=7;SGE_TASK_ID=undefined;JOB_NAME=run.sh;QUEUE=all.q;NSLOTS=8;NHOSTS=2;SGE_ROOT=/opt/sge | system=gridengine job=7 name=run.sh queue=all.q cpus=8 nodes=2 | -
          JOB_ID=8;SGE_TASK_ID=3 | system=gridengine job=8 task=3 | -
          PBS_JOBID=9.server;PBS_JOBNAME=x;PBS_QUEUE=workq;NCPUS=2;PBS_RESC_MEM=1073741824 | system=pbs job=9.server name=x queue=workq cpus=2 | 1073741824
          PBS_JOBID=9[3].server;PBS_ARRAY_INDEX=3;PBS_RESC_MEM=16gb | system=pbs job=9[3].server task=3 | 17179869184
          PBS_JOBID=10.server;PBS_ARRAYID=4;PBS_NUM_PPN=6;PBS_NUM_NODES=2;PBS_NP=12 | system=torque job=10.server task=4 cpus=6 nodes=2 | -
          LSB_JOBID=11;LSB_JOBINDEX=0;LSB_JOBNAME=x;LSB_QUEUE=normal;LSB_DJOB_NUMPROC=16;LSB_MCPU_HOSTS=a 8 b 8 | system=lsf job=11 name=x queue=normal cpus=16 nodes=2 | -
          LSB_JOBID=12;LSB_JOBINDEX=5;LSB_MCPU_HOSTS=a 8 b | system=lsf job=12 task=5 | -
          _CONDOR_JOB_AD=/none;_CONDOR_SLOT=slot1_2 | system=htcondor | -
          SLURM_JOB_ID=1;JOB_ID=2;SGE_ROOT=/opt/sge;PBS_JOBID=3 | system=slurm job=1 | -
          """)
  void tellsWhatTheVariablesSay(String pairs, String infos, String memory) {
    BatchJob job = BatchJob.of(environment(pairs), NOWHERE).orElseThrow();
    assertEquals(infos, told(job));
    assertEquals(job.system(), job.infos().get("batch_system"));
    assertEquals(
        memory,
        job.memoryLimit()
            .map(
                limit -> {
                  assertEquals(job.system(), limit.source());
                  return Long.toString(limit.bytes());
                })
            .orElse("-"));
  }

  @ParameterizedTest
  @CsvSource({"JOB_ID=5", "SGE_ROOT=/opt/sge", "SLURM_JOB_ID=", "LSB_QUEUE=normal", "PBS_O_HOST=a"})
  void outsideOfAJobThereIsNone(String pairs) {
    assertEquals(Optional.empty(), BatchJob.of(environment(pairs), NOWHERE));
  }

  @Test
  void condorsJobIsInTheFilesThatItNames(@TempDir Path folder) throws IOException {
    Path scratch = Files.createDirectories(folder.resolve("execute/dir_1"));
    Map<String, String> environment =
        environment(
            "_CONDOR_JOB_AD=/execute/dir_1/.job.ad;_CONDOR_MACHINE_AD=/execute/dir_1/.machine.ad");
    HostFiles host = new HostFiles(folder, folder);
    Files.writeString(
        scratch.resolve(".job.ad"),
        """
        ClusterId = 42
        ProcId = 7
        JobBatchName = "my run"
        Cmd = "/bin/sleep"
        RequestCpus = 1
        RequestMemory = ifthenelse(MemoryUsage =!= undefined,MemoryUsage,(ImageSize + 1023) / 1024)
        MemoryProvisioned = 2048
        Environment = "A=\\"x\\""
        not an attribute
        """);
    BatchJob job = BatchJob.of(environment, host).orElseThrow();
    assertEquals("system=htcondor job=42.7 name=my run cpus=1", told(job));
    assertEquals(2048L << 20, job.memoryLimitBytes().orElseThrow());
    Files.writeString(
        scratch.resolve(".machine.ad"), "Memory = 4096\nCpus = 2\nName = \"slot1\"\n");
    BatchJob both = BatchJob.of(environment, host).orElseThrow();
    assertEquals("system=htcondor job=42.7 name=my run cpus=2", told(both));
    assertEquals(4096L << 20, both.memoryLimitBytes().orElseThrow());
  }

  @Property(tries = 500)
  void anyValuesAreBoundedAndPrintable(@ForAll("environments") Map<String, String> environment) {
    BatchJob.of(environment, NOWHERE)
        .ifPresent(
            job -> {
              assertTrue(BatchJob.KEYS.containsAll(job.infos().keySet()));
              for (String value : job.infos().values()) {
                assertTrue(value.length() <= 128 && !value.isEmpty());
                assertTrue(value.chars().allMatch(c -> c >= ' ' && c <= '~'), value);
              }
              assertTrue(job.memoryLimitBytes().orElse(1) > 0);
            });
  }

  @Provide
  Arbitrary<Map<String, String>> environments() {
    Arbitrary<String> names =
        Arbitraries.of(
            "SLURM_JOB_ID",
            "SLURM_JOB_NAME",
            "SLURM_MEM_PER_CPU",
            "SLURM_MEM_PER_NODE",
            "SLURM_CPUS_ON_NODE",
            "JOB_ID",
            "JOB_NAME",
            "SGE_TASK_ID",
            "PBS_JOBID",
            "PBS_RESC_MEM",
            "LSB_JOBID",
            "LSB_MCPU_HOSTS",
            "_CONDOR_JOB_AD");
    Arbitrary<String> values =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(300),
            Arbitraries.strings().numeric().ofMaxLength(20),
            Arbitraries.of("1\nxid=2", "999999999999999T", "0", "/"));
    return Arbitraries.maps(names, values);
  }
}
