package io.duologger.runtime;

import io.reactivex.rxjava3.core.BackpressureStrategy;
import io.reactivex.rxjava3.core.Flowable;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Signals as a stream. The JDK has them in {@code sun.misc.Signal} (module jdk.unsupported) only;
 * it is reached by reflection as the compiler warns of each mention and warnings are errors here.
 */
public final class Signals {
  private Signals() {}

  /**
   * Emits the name, such as TERM, of each of {@code signals} that arrives from subscription on;
   * never ends.
   */
  public static Flowable<String> of(String... signals) {
    return Flowable.create(
        emitter -> {
          for (String signal : signals) {
            handle(signal, () -> emitter.onNext(signal));
          }
        },
        BackpressureStrategy.BUFFER);
  }

  private static void handle(String name, Runnable action) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Object proxy =
        Proxy.newProxyInstance(
            Signals.class.getClassLoader(),
            new Class<?>[] {handler},
            (self, method, arguments) -> answer(self, method, arguments, action));
    signal
        .getMethod("handle", signal, handler)
        .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
  }

  private static Object answer(Object self, Method method, Object[] arguments, Runnable action) {
    return switch (method.getName()) {
      case "handle" -> {
        action.run();
        yield null;
      }
      case "equals" -> self == arguments[0];
      case "hashCode" -> System.identityHashCode(self);
      default -> "signal handler";
    };
  }
}
