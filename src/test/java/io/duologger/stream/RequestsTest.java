package io.duologger.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.duologger.model.Report;
import io.duologger.procfs.HostRoot;
import io.duologger.topology.Assembler;
import io.duologger.virtual.FakeCollector;
import io.duologger.virtual.Quiet;
import io.duologger.virtual.Scenario;
import io.duologger.virtual.Signals;
import io.duologger.virtual.Spec;
import io.duologger.virtual.VirtualTime;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.processors.PublishProcessor;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of text become requests, each when the one before it is answered. */
class RequestsTest {
  private static final Command REQUEST = new Command.Request();
  private static final Command STOP = new Command.Stop();

  private final Requests requests = new Requests();
  private final PublishProcessor<String> lines = PublishProcessor.create();
  private final TestSubscriber<Command> commands =
      requests.commands(lines.onBackpressureBuffer()).test();

  private void say(String... all) {
    List.of(all).forEach(lines::onNext);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\r", "report", "quit now", "QUIT", "quitquit", "\0"})
  void anyLineButOneIsARequest(String line) {
    say(line);
    commands.assertValuesOnly(REQUEST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"quit", " quit", "quit ", "quit\r", "\tquit\r"})
  void quitEndsTheRun(String line) {
    say(line);
    commands.assertResult(STOP);
    assertFalse(lines.hasSubscribers(), "no more is read");
  }

  @Test
  void nextRequestComesWhenTheOneBeforeItIsAnswered() {
    say("", "", "");
    commands.assertValuesOnly(REQUEST);
    requests.answered();
    commands.assertValuesOnly(REQUEST, REQUEST);
    requests.answered();
    requests.answered();
    say("");
    commands.assertValuesOnly(REQUEST, REQUEST, REQUEST, REQUEST);
  }

  @Test
  void answerThatNoOneAskedForAnswersNothing() {
    requests.answered();
    say("", "");
    commands.assertValuesOnly(REQUEST);
  }

  @Test
  void quitWaitsForTheAnswersBeforeIt() {
    say("", "", "quit", "");
    commands.assertValuesOnly(REQUEST);
    requests.answered();
    requests.answered();
    commands.assertResult(REQUEST, REQUEST, STOP);
  }

  @Test
  void endOfTheLinesWaitsForTheAnswersBeforeIt() {
    say("", "");
    lines.onComplete();
    commands.assertValuesOnly(REQUEST);
    requests.answered();
    commands.assertValuesOnly(REQUEST, REQUEST);
    requests.answered();
    commands.assertResult(REQUEST, REQUEST, STOP);
  }

  @Test
  void endWithoutALineEndsTheRun() {
    lines.onComplete();
    commands.assertResult(STOP);
  }

  @Test
  void answerDuringTheRequestIsNotMissed() {
    Requests prompt = new Requests();
    prompt
        .commands(Flowable.just("", "", "", "quit"))
        .doOnNext(command -> prompt.answered())
        .test()
        .assertResult(REQUEST, REQUEST, REQUEST, STOP);
  }

  @Test
  void noMoreThanOneLineIsTakenAheadOfItsTurn() {
    int[] taken = {0};
    Requests paced = new Requests();
    TestSubscriber<Command> out =
        paced
            .commands(
                Flowable.generate(
                    () -> 0,
                    (state, emitter) -> {
                      taken[0]++;
                      emitter.onNext("");
                      return state;
                    }))
            .test();
    for (int answers = 0; answers < 5; answers++) {
      assertEquals(answers + 1, out.values().size());
      assertTrue(taken[0] <= answers + 2, taken[0] + " lines taken");
      paced.answered();
    }
    out.cancel();
  }

  @Test
  void runAnswersLineAfterLineAndEndsWithThem() throws IOException {
    List<Report> reports = new ArrayList<>();
    List<String> said = new ArrayList<>();
    Requests pacing = new Requests();
    VirtualTime time = new VirtualTime(Scenario.HOUR);
    Quiet answering =
        new Quiet() {
          @Override
          public void written(String output) {
            said.add("answer");
            pacing.answered();
          }
        };
    Output memory = new Output("memory", reports::add, 1, time.scheduler(), answering);
    try (Scenario described =
        new Scenario().onRequest().module(Spec.of("cpu", 1), Signals.steady())) {
      new Assembler(
              new Environment(
                  time,
                  time.scheduler(),
                  Runnable::run,
                  (read, slow) -> read.run(),
                  time.scheduler()),
              HostRoot.running(),
              name -> time.scheduler(),
              () -> {})
          .assemble(
              described.topology(),
              source -> new FakeCollector(source.name(), Signals.steady()),
              List.of(memory))
          .run(pacing.commands(lines.onBackpressureBuffer()))
          .subscribe(nothing -> {}, e -> {}, () -> said.add("end"));
      time.advance(Spec.seconds(0.5));
      say("", "", "");
      time.advance(Spec.seconds(0.4));
      assertEquals(List.of(), said);
      time.advance(Spec.seconds(0.1));
      // more than the queue of the output holds, but never more than one at a time
      assertEquals(List.of("answer", "answer", "answer"), said);
      time.advance(Spec.seconds(11));
      say("", "", "quit", "");
      time.advance(Spec.seconds(0.1));
      assertEquals(List.of("answer", "answer", "answer", "answer", "answer", "end"), said);
      assertEquals(5, reports.size());
      assertSame(reports.get(3), reports.get(4));
    }
  }
}
