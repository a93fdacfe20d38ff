package dev.fixpoint.examples;

import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a detector has found in a picture: the boxes that it is sure of, one for each object.
 *
 * <p>A detector proposes many boxes around each object. Greedy non-maximum suppression keeps the
 * best and drops what overlaps it (N. Dalal, "Finding People in Images and Videos", 2006, section
 * 5.2).
 */
public final class Detections {
  /** Intersection over union from which on two boxes are taken for the same object. */
  public static final double OVERLAP = 0.3;

  private Detections() {}

  /**
   * A box; all corners are shares of the picture's width or height.
   *
   * @param score probability, 0 to 1
   */
  public record Box(double left, double top, double right, double bottom, double score) {
    private double area() {
      return Math.max(0, right - left) * Math.max(0, bottom - top);
    }

    /** Intersection over union with another box, 0 to 1. */
    public double overlap(Box other) {
      double width = Math.min(right, other.right) - Math.max(left, other.left);
      double height = Math.min(bottom, other.bottom) - Math.max(top, other.top);
      double common = Math.max(0, width) * Math.max(0, height);
      return common == 0 ? 0 : common / (area() + other.area() - common);
    }
  }

  /**
   * The boxes over a score that non-maximum suppression leaves, best first.
   *
   * @param scores [1,N,C]: probabilities of the background and of C - 1 kinds of objects
   * @param corners [1,N,4]: left, top, right, bottom
   * @param leastScore what the largest probability of an object must exceed
   * @throws IllegalArgumentException if the shapes are others
   */
  public static List<Box> of(Tensor scores, Tensor corners, double leastScore) {
    requireShapes(scores.shape(), corners.shape());
    List<Box> sure = new ArrayList<>();
    for (int i = 0; i < scores.shape().intSize(1); i++) {
      double score = best(scores, i);
      if (score > leastScore) {
        sure.add(box(corners, i, score));
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

  private static void requireShapes(Shape scores, Shape corners) {
    boolean fitting =
        scores.rank() == 3
            && scores.intSize(0) == 1
            && scores.intSize(2) >= 2
            && corners.equals(Shape.of(1, scores.size(1), 4));
    if (!fitting) {
      throw new IllegalArgumentException(
          "a detector gives scores [1,N,C] and boxes [1,N,4], not " + scores + " and " + corners);
    }
  }

  private static double best(Tensor scores, int index) {
    int classes = scores.shape().intSize(2);
    double best = 0;
    for (int c = 1; c < classes; c++) {
      best = Math.max(best, scores.doubleAt((long) index * classes + c));
    }
    return best;
  }

  private static Box box(Tensor corners, int index, double score) {
    long at = 4L * index;
    return new Box(
        corners.doubleAt(at),
        corners.doubleAt(at + 1),
        corners.doubleAt(at + 2),
        corners.doubleAt(at + 3),
        score);
  }
}
