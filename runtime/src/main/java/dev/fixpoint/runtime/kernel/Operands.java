package dev.fixpoint.runtime.kernel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The buffers of one step: inputs, null where absent or taken in by the kernel, and outputs. */
public final class Operands {
  private final List<@Nullable Buffer> inputs;
  private final List<Buffer> outputs;
  private volatile @Nullable Object derived;

  /** The operands with the given buffers. */
  public Operands(List<? extends @Nullable Buffer> inputs, List<Buffer> outputs) {
    this.inputs = Collections.unmodifiableList(new ArrayList<@Nullable Buffer>(inputs));
    this.outputs = List.copyOf(outputs);
  }

  /** What the kernel has made of these buffers, or null at first; one per step and workspace. */
  public @Nullable Object derived() {
    return derived;
  }

  /** Keeps what the kernel has made of these buffers. */
  public void derive(Object made) {
    derived = made;
  }

  /** Number of inputs. */
  public int inputCount() {
    return inputs.size();
  }

  /** Number of outputs. */
  public int outputCount() {
    return outputs.size();
  }

  /** An input; throws where there is no buffer. */
  public Buffer input(int index) {
    Buffer buffer = inputs.get(index);
    if (buffer == null) {
      throw new IllegalStateException("input " + index + " has no buffer");
    }
    return buffer;
  }

  /** An input, or null where absent or taken in. */
  public @Nullable Buffer inputOrNull(int index) {
    return index < inputs.size() ? inputs.get(index) : null;
  }

  /** An output. */
  public Buffer output(int index) {
    return outputs.get(index);
  }

  /** The only or first output. */
  public Buffer output() {
    return outputs.getFirst();
  }
}
