package dev.fixpoint.examples;

import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Boxes that a detector is sure of, one for each object. */
final class Detections {
  private static final double SCORE = 0.7;
  private static final double OVERLAP = 0.3;

  private Detections() {}

  /**
   * A box in shares of the picture.
   *
   * @param score probability
   */
  record Box(double left, double top, double right, double bottom, double score) {
    private double area() {
      return Math.max(0, right - left) * Math.max(0, bottom - top);
    }

    /** Intersection over union. */
    double overlap(Box other) {
      double width = Math.min(right, other.right) - Math.max(left, other.left);
      double height = Math.min(bottom, other.bottom) - Math.max(top, other.top);
      double common = Math.max(0, width) * Math.max(0, height);
      return common == 0 ? 0 : common / (area() + other.area() - common);
    }
  }

  /**
   * The boxes over score 0.7 that non-maximum suppression at an overlap of 0.3 leaves, best first.
   *
   * @param scores [1,N,2]: background and face
   * @param corners [1,N,4]: left, top, right, bottom
   */
  static List<Box> of(Tensor scores, Tensor corners) {
    List<Box> sure = new ArrayList<>();
    for (int i = 0; i < scores.shape().intSize(1); i++) {
      double score = scores.doubleAt(2L * i + 1);
      if (score > SCORE) {
        long at = 4L * i;
        sure.add(
            new Box(
                corners.doubleAt(at),
                corners.doubleAt(at + 1),
                corners.doubleAt(at + 2),
                corners.doubleAt(at + 3),
                score));
      }
    }
    sure.sort(Comparator.comparingDouble(Box::score).reversed());
    List<Box> kept = new ArrayList<>();
    for (Box box : sure) {
      if (kept.stream().noneMatch(better -> better.overlap(box) > OVERLAP)) {
        kept.add(box);
      }
    }
    return kept;
  }
}
