package io.duologger.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.config.Form;
import io.duologger.config.OutputSpec;
import io.duologger.config.Target;
import io.duologger.runtime.LogbackSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What memrec's command line leads to. */
class JobPlanTest {
  @AfterEach
  void forgetTheLog() {
    System.clearProperty(LogbackSetup.LEVEL);
    System.clearProperty(LogbackSetup.NAME);
  }

  private static JobPlan plan(String words) {
    CliFixture cli = CliFixture.plain();
    assertEquals(44, cli.run("memrec " + words), cli::err);
    assertEquals("", cli.err());
    return cli.jobs.get(0);
  }

  private static void assertRefused(String words, String error) {
    CliFixture cli = CliFixture.plain();
    assertEquals(ExitStatus.NOT_STARTED, cli.run("memrec " + words));
    assertTrue(cli.err().contains(error), cli.err());
    assertEquals(List.of(), cli.jobs);
  }

  private static Duration every(JobPlan plan, String module) {
    return plan.topology().module(module).orElseThrow().every();
  }

  private static String path(OutputSpec output) {
    return ((Target.ToFile) output.target()).path().toString();
  }

  @Test
  void withoutOptionsTheRecordIsNamedForCommandAndProcess() {
    JobPlan plan = plan("/usr/bin/make all");
    assertEquals(List.of("/usr/bin/make", "all"), plan.command());
    OutputSpec output = plan.topology().outputs().get(0);
    assertEquals("memrec-make-" + ProcessHandle.current().pid() + ".jsonl", path(output));
    assertEquals(new Form.Json(), output.form());
    assertTrue(plan.summary());
    assertFalse(plan.live());
    assertTrue(plan.topology().module("syscalls").isEmpty());
    assertEquals(JobPlan.Group.AUTO, plan.group());
    assertEquals(Optional.empty(), plan.timeout());
    assertEquals(Duration.ofMinutes(1), plan.topology().schedule().heartbeat());
    assertEquals(Duration.ofSeconds(1), every(plan, "job"));
    assertTrue(plan.topology().ofJob());
  }

  @Test
  void anotherFormHasAnotherEnding() {
    String name = path(plan("--format classic x").topology().outputs().get(0));
    assertTrue(name.endsWith(".log"), name);
  }

  @Test
  void namesOfCommandsThatAreNoneOfFilesAreMadeFit() {
    String name = path(plan("./a\nb\u00e4;c d").topology().outputs().get(0));
    assertTrue(name.startsWith("memrec-a_b__c-"), name);
  }

  @Test
  void theOldOptionsMeanWhatTheyMeant() {
    JobPlan plan = plan("-d 5 -o /tmp/a,b -v job -d 7");
    assertEquals(List.of("job", "-d", "7"), plan.command());
    assertEquals(Duration.ofSeconds(5), every(plan, "job"));
    assertEquals(Duration.ofSeconds(5), every(plan, "cpu"));
    assertEquals(Duration.ofMinutes(1), plan.topology().schedule().heartbeat());
    assertEquals(Path.of("/tmp/a,b").toString(), path(plan.topology().outputs().get(0)));
    assertEquals(Duration.ofSeconds(90), plan("-d 90 x").topology().schedule().heartbeat());
  }

  @Test
  void theHostIsReadAtMostTenTimesASecondUnlessItIsAskedForByName() {
    JobPlan plan = plan("-d 10ms --every net=20ms x");
    assertEquals(Duration.ofMillis(10), every(plan, "job"));
    assertEquals(Duration.ofMillis(100), every(plan, "cpu"));
    assertEquals(Duration.ofMillis(20), every(plan, "net"));
    assertEquals(Duration.ofMillis(250), every(plan("-d 250ms x"), "cpu"));
    assertEquals(Duration.ofMillis(50), every(plan("-d 10ms --heartbeat 50ms x"), "cpu"));
  }

  @Test
  void whatTheFileReadsMoreOftenThanThatGoesAsFarDownAsTheFile(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("x.conf");
    Files.writeString(file, "modules { job {}, cpu { every = 20 ms }, net { every = 10 s } }");
    JobPlan plan = plan("-f " + file + " -d 10ms x");
    assertEquals(Duration.ofMillis(20), every(plan, "cpu"));
    assertEquals(Duration.ofMillis(100), every(plan, "net"));
    assertEquals(Duration.ofMillis(30), every(plan("-f " + file + " -d 30ms x"), "cpu"));
  }

  @Test
  void optionsOfTheJob() {
    JobPlan plan = plan("--timeout 90s --kill-after 1s --cgroup none --live -q --pss --syscalls x");
    assertEquals(Optional.of(Duration.ofSeconds(90)), plan.timeout());
    assertEquals(Duration.ofSeconds(1), plan.killAfter());
    assertEquals(JobPlan.Group.NONE, plan.group());
    assertTrue(plan.live());
    assertFalse(plan.summary());
    assertTrue(plan.topology().module("syscalls").isPresent());
    assertEquals("true", plan.topology().module("job").orElseThrow().settings().option("pss"));
  }

  @Test
  void allIsReadOnceMoreAtTheEnd() {
    plan("x").topology().schedule().modules().forEach(m -> assertTrue(m.readAtClose(), m.name()));
  }

  @Test
  void wrongOptionsStartNothing() {
    assertRefused("--timeout 5 x", "command line: timeout = \"5\": expected a duration");
    assertRefused("--cgroup all x", "expected auto, own, scope, job or none");
    assertRefused("-q", "expected a command to run");
    assertRefused("--nope x", "Unknown option: '--nope'");
    assertRefused("--every nope=1s x", "no such module");
  }
}
