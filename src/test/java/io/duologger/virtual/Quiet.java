package io.duologger.virtual;

import io.duologger.stream.Output;
import java.io.IOException;

/** Hears of nothing but what may not happen. */
public class Quiet implements Output.Listener {
  @Override
  public void written(String output) {}

  @Override
  public void failed(String output, IOException why) {
    throw new AssertionError(why);
  }

  @Override
  public void recovered(String output, long lost) {}

  @Override
  public void abandoned(String output, long reports) {}
}
