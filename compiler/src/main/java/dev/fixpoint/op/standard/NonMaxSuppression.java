package dev.fixpoint.op.standard;

import dev.fixpoint.bound.Interval;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpSchema;
import dev.fixpoint.op.OpSchema.Types;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Selects boxes for each batch entry and class, best scores first, without those that overlap a box
 * already selected by more than a threshold. Each row of the output names batch, class and box.
 */
public final class NonMaxSuppression implements Selection {
  /** Whether a box is given by centre, width and height rather than by two corners (y, x, y, x). */
  public static final Attribute<Long> CENTER_POINT_BOX = Attribute.ofInt("center_point_box", 0);

  /**
   * {@code selected_indices = NonMaxSuppression(boxes, scores, max_output_boxes_per_class?,
   * iou_threshold?, score_threshold?)}; boxes [batch, boxes, 4], scores [batch, classes, boxes].
   */
  public static final OpSchema SCHEMA =
      OpSchema.of("NonMaxSuppression")
          .versions(10, 11)
          .input("boxes", Set.of(ElementType.FLOAT))
          .input("scores", Set.of(ElementType.FLOAT))
          .optionalInput("max_output_boxes_per_class", Types.INT64)
          .optionalInput("iou_threshold", Set.of(ElementType.FLOAT))
          .optionalInput("score_threshold", Set.of(ElementType.FLOAT))
          .output("selected_indices", Types.INT64)
          .attributes(CENTER_POINT_BOX)
          .doc("Selects the best boxes that do not overlap too much.");

  private static final int MAX_OUTPUT = 2;
  private static final int IOU_THRESHOLD = 3;
  private static final int SCORE_THRESHOLD = 4;

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    Shape shape = Shape.of(List.of(Dimension.UNKNOWN, Dimension.of(3)));
    return List.of(new TensorType(ElementType.INT64, shape));
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Shape scores = Axes.ofRank(call, 1, 3);
    Axes.requireShape(call, 0, scores.size(0), scores.size(2), 4);
    long most = call.hasInput(MAX_OUTPUT) ? Axes.single(call, MAX_OUTPUT).longAt(0) : 0;
    List<long[]> rows = new ArrayList<>();
    for (int batch = 0; batch < scores.intSize(0); batch++) {
      List<Box> boxes = boxes(call, batch);
      for (int category = 0; category < scores.intSize(1); category++) {
        for (int box : selected(call, batch, category, boxes, most)) {
          rows.add(new long[] {batch, category, box});
        }
      }
    }
    long[] flat = rows.stream().flatMapToLong(Arrays::stream).toArray();
    return List.of(Tensor.ofLongs(ElementType.INT64, Shape.of(rows.size(), 3), flat));
  }

  private static List<Integer> selected(
      OpCall call, int batch, int category, List<Box> boxes, long most) {
    double overlap =
        call.hasInput(IOU_THRESHOLD) ? Axes.single(call, IOU_THRESHOLD).doubleAt(0) : 0;
    double worst =
        call.hasInput(SCORE_THRESHOLD)
            ? Axes.single(call, SCORE_THRESHOLD).doubleAt(0)
            : Double.NEGATIVE_INFINITY;
    Tensor scores = call.tensor(1);
    long row = (long) batch * scores.shape().intSize(1) + category;
    double[] score =
        IntStream.range(0, boxes.size())
            .mapToDouble(i -> scores.doubleAt(row * boxes.size() + i))
            .toArray();
    List<Integer> candidates =
        IntStream.range(0, score.length)
            .filter(i -> score[i] > worst)
            .boxed()
            .sorted(Comparator.comparing(i -> -score[i]))
            .toList();
    List<Integer> selected = new ArrayList<>();
    for (int candidate : candidates) {
      if (selected.size() >= most) {
        break;
      }
      Box box = boxes.get(candidate);
      if (selected.stream().noneMatch(i -> boxes.get(i).overlap(box) > overlap)) {
        selected.add(candidate);
      }
    }
    return selected;
  }

  private static List<Box> boxes(OpCall call, int batch) {
    Tensor tensor = call.tensor(0);
    int count = tensor.shape().intSize(1);
    boolean centred = call.attributes().isSet(CENTER_POINT_BOX);
    List<Box> boxes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long start = ((long) batch * count + i) * 4;
      double a = tensor.doubleAt(start);
      double b = tensor.doubleAt(start + 1);
      double c = tensor.doubleAt(start + 2);
      double d = tensor.doubleAt(start + 3);
      boxes.add(centred ? Box.of(a - c / 2, b - d / 2, a + c / 2, b + d / 2) : Box.of(a, b, c, d));
    }
    return boxes;
  }

  /** A rectangle with its lower corner first; which axis is which does not matter. */
  private record Box(double top, double left, double bottom, double right) {
    static Box of(double a, double b, double c, double d) {
      return new Box(Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d));
    }

    double area() {
      return (bottom - top) * (right - left);
    }

    /** Area of the intersection over that of the union; 0 where they do not meet. */
    double overlap(Box other) {
      double height = Math.min(bottom, other.bottom) - Math.max(top, other.top);
      double width = Math.min(right, other.right) - Math.max(left, other.left);
      if (height <= 0 || width <= 0) {
        return 0;
      }
      double common = height * width;
      return common / (area() + other.area() - common);
    }
  }

  @Override
  public Interval image(OpCall call, int output) {
    return Intervals.SIZES;
  }
}
