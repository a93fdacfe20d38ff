package dev.fixpoint.rulelang;

import java.util.List;

/** A function from constants and attributes to constants, written in Java and called by rules. */
@FunctionalInterface
public interface NativeFunction {
  /**
   * The results at one match, as many as the library says.
   *
   * @param call the arguments; {@link NativeCall#refuse} ends the attempt with a reason
   */
  List<Computed> call(NativeCall call);
}
