package dev.fixpoint.cli;

import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The outputs of several batches, to be joined along the first axis. */
final class OutputBatches {
  private final Map<String, List<Tensor>> parts = new LinkedHashMap<>();

  /** Adds the outputs of a batch. */
  void add(Map<String, Tensor> outputs) {
    outputs.forEach(
        (name, tensor) -> parts.computeIfAbsent(name, _ -> new ArrayList<>()).add(tensor));
  }

  /**
   * All outputs; those of one batch as they are, scalars of several as a list.
   *
   * @throws IllegalArgumentException if batches gave tensors that do not fit together
   */
  Map<String, Tensor> joined() {
    Map<String, Tensor> joined = new LinkedHashMap<>();
    parts.forEach((name, tensors) -> joined.put(name, join(name, tensors)));
    return joined;
  }

  private static Tensor join(String name, List<Tensor> tensors) {
    Tensor first = tensors.getFirst();
    if (tensors.size() == 1) {
      return first;
    }
    List<Tensor> rows =
        first.shape().rank() == 0
            ? tensors.stream().map(tensor -> tensor.reshaped(Shape.of(1))).toList()
            : tensors;
    Shape shape = rows.getFirst().shape();
    long count = 0;
    long bytes = 0;
    for (Tensor row : rows) {
      if (!row.shape().with(0, shape.dimension(0)).equals(shape)) {
        throw new IllegalArgumentException(
            "output '"
                + name
                + "' is "
                + first.type()
                + " for one batch and "
                + row.type()
                + " for another; run fewer samples at once");
      }
      count += row.shape().size(0);
      bytes += row.data().byteSize();
    }
    byte[] all = new byte[Math.toIntExact(bytes)];
    long at = 0;
    for (Tensor row : rows) {
      long size = row.data().byteSize();
      MemorySegment.copy(row.data(), 0, MemorySegment.ofArray(all), at, size);
      at += size;
    }
    return Tensor.of(
        first.type().withShape(shape.with(0, Dimension.of(count))), MemorySegment.ofArray(all));
  }
}
