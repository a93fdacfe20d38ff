package dev.fixpoint;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.bound.Range;
import dev.fixpoint.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** The box of inputs that certificates are for. */
final class CalibrationBox {
  private CalibrationBox() {}

  /**
   * The declared ranges, and for other inputs the smallest that holds all calibration data.
   *
   * @param batches calibration data: tensor by input name
   * @param declared range by input name
   */
  static Map<String, Range> of(
      Iterable<? extends Map<String, Tensor>> batches, Map<String, Range> declared) {
    Map<String, Interval> seen = new LinkedHashMap<>();
    for (Map<String, Tensor> batch : batches) {
      batch.forEach(
          (name, tensor) -> {
            boolean looked =
                !declared.containsKey(name)
                    && tensor.elementType().isNumeric()
                    && tensor.elementCount() > 0;
            if (looked) {
              seen.merge(name, Range.hullOf(tensor).hull(), Interval::join);
            }
          });
      if (seen.isEmpty()) {
        break; // every input is declared
      }
    }
    Map<String, Range> box = new LinkedHashMap<>(declared);
    seen.forEach((name, interval) -> box.put(name, Range.of(interval)));
    return box;
  }
}
