package dev.fixpoint.op;

import dev.fixpoint.op.OpExample.Input;
import dev.fixpoint.op.standard.CenterCropPad;
import dev.fixpoint.op.standard.Compress;
import dev.fixpoint.op.standard.Concat;
import dev.fixpoint.op.standard.Flatten;
import dev.fixpoint.op.standard.Gather;
import dev.fixpoint.op.standard.GatherElements;
import dev.fixpoint.op.standard.GatherNd;
import dev.fixpoint.op.standard.OneHot;
import dev.fixpoint.op.standard.Pad;
import dev.fixpoint.op.standard.ReverseSequence;
import dev.fixpoint.op.standard.ScatterElements;
import dev.fixpoint.op.standard.ScatterNd;
import dev.fixpoint.op.standard.Split;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.op.standard.TensorScatter;
import dev.fixpoint.op.standard.TopK;
import dev.fixpoint.op.standard.Transpose;
import dev.fixpoint.op.standard.Trilu;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Example calls of the operators that move elements: data to be drawn, indices given. */
final class MovementExamples {
  private static final Attributes NONE = Attributes.NONE;

  private final List<OpExample> examples = new ArrayList<>();

  private MovementExamples() {}

  /** All examples. */
  static List<OpExample> all() {
    MovementExamples made = new MovementExamples();
    made.addViews();
    made.addSlices();
    made.addGathers();
    made.addPads();
    made.addScatters();
    made.addOthers();
    return made.examples;
  }

  private static Input drawn(long... sizes) {
    return new Input.Drawn(ElementType.FLOAT, Shape.of(sizes), -3, 5);
  }

  private static Input bytes(long... sizes) {
    return new Input.Drawn(ElementType.INT8, Shape.of(sizes), -100, 100);
  }

  private static Input given(Tensor tensor) {
    return new Input.Given(tensor);
  }

  private static Input vector(long... values) {
    return given(Tensor.vector(values));
  }

  private static Input matrix(long rows, long columns, long... values) {
    return given(Tensor.ofLongs(ElementType.INT64, Shape.of(rows, columns), values));
  }

  private void add(OpDefinition op, Attributes attributes, @Nullable Input... inputs) {
    examples.add(new OpExample(op, attributes, Arrays.asList(inputs)));
  }

  private void addViews() {
    add(StandardOps.FLATTEN, NONE, drawn(2, 3, 4));
    add(StandardOps.FLATTEN, NONE.with(Flatten.AXIS, -1L), drawn(2, 3, 4));
    add(StandardOps.FLATTEN, NONE.with(Flatten.AXIS, 0L), bytes(2, 3));
    add(StandardOps.RESHAPE, NONE, drawn(2, 3, 4), vector(0, -1));
    add(StandardOps.RESHAPE, NONE, drawn(2, 3, 4), vector(4, 3, 2));
    add(StandardOps.RESHAPE, NONE, drawn(6, 4), vector(2, 3, 1, 4));
    add(StandardOps.SQUEEZE, NONE, drawn(2, 1, 3), vector(1));
    add(StandardOps.SQUEEZE, NONE, drawn(1, 2, 1, 3));
    add(StandardOps.UNSQUEEZE, NONE, drawn(2, 3), vector(-1, 0));
    add(StandardOps.TRANSPOSE, NONE, drawn(2, 3, 4));
    add(StandardOps.TRANSPOSE, NONE.with(Transpose.PERM, List.of(1L, 2L, 0L)), bytes(2, 3, 4));
    add(StandardOps.DROPOUT, NONE, drawn(2, 3));
    add(StandardOps.IDENTITY, NONE, drawn(2, 3));
  }

  private void addSlices() {
    add(StandardOps.SLICE, NONE, drawn(4, 5), vector(1), vector(4), vector(-1));
    add(StandardOps.SLICE, NONE, drawn(4, 5), vector(-1, 3), vector(-9, 0), null, vector(-2, -1));
    add(StandardOps.SLICE, NONE, drawn(4, 5), vector(3), vector(3), vector(0));
    add(StandardOps.SPLIT, NONE.with(Split.AXIS, -1L), drawn(2, 4), vector(4));
    add(StandardOps.SPLIT, NONE.with(Split.NUM_OUTPUTS, 1L), drawn(2, 4));
    add(StandardOps.CONCAT, NONE.with(Concat.AXIS, -1L), drawn(2, 3), drawn(2, 1), drawn(2, 0));
    add(StandardOps.CONCAT, NONE.with(Concat.AXIS, 0L), drawn(2, 3), drawn(1, 3));
    Input condition = given(Tensor.ofLongs(ElementType.BOOL, Shape.of(3), 1, 0, 1));
    add(StandardOps.COMPRESS, NONE, drawn(2, 3), condition);
    add(StandardOps.COMPRESS, NONE.with(Compress.AXIS, -1L), drawn(2, 3), condition);
    add(StandardOps.REVERSE_SEQUENCE, NONE, drawn(4, 3), vector(4, 1, 2));
    Attributes timeLast =
        NONE.with(ReverseSequence.BATCH_AXIS, 0L).with(ReverseSequence.TIME_AXIS, 1L);
    add(StandardOps.REVERSE_SEQUENCE, timeLast, drawn(2, 4), vector(3, 0));
  }

  private void addGathers() {
    add(StandardOps.GATHER, NONE, drawn(3, 4), matrix(2, 2, 0, -1, 1, 1));
    add(StandardOps.GATHER, NONE.with(Gather.AXIS, -1L), drawn(3, 4), vector(3, -4, 1));
    add(
        StandardOps.GATHER,
        NONE.with(Gather.AXIS, 1L),
        drawn(3, 4),
        given(Tensor.scalar(ElementType.INT64, 2)));
    add(StandardOps.GATHER_ELEMENTS, NONE, drawn(3, 2), matrix(2, 2, 2, -1, 0, 1));
    add(
        StandardOps.GATHER_ELEMENTS,
        NONE.with(GatherElements.AXIS, 1L),
        drawn(3, 2),
        matrix(3, 1, 1, 0, -1));
    add(StandardOps.GATHER_ND, NONE, drawn(3, 2, 4), matrix(2, 2, 2, 1, 0, -1));
    add(
        StandardOps.GATHER_ND,
        NONE.with(GatherNd.BATCH_DIMS, 1L),
        drawn(2, 3, 4),
        matrix(2, 1, 2, 0));
    add(StandardOps.EXPAND, NONE, drawn(3, 1), vector(2, 1, 4));
    add(StandardOps.EXPAND, NONE, drawn(2, 3), vector(1));
    add(StandardOps.TILE, NONE, drawn(2, 3), vector(2, 3));
    add(StandardOps.TILE, NONE, drawn(2, 3), vector(0, 1));
  }

  private void addPads() {
    Input value = drawn();
    for (String mode : List.of("constant", "reflect", "edge", "wrap")) {
      Attributes attributes = NONE.with(Pad.MODE, mode);
      add(StandardOps.PAD, attributes, drawn(3, 4), vector(1, 2, 0, 3));
      add(StandardOps.PAD, attributes, drawn(3, 4), vector(-1, 2, 0, -1));
      add(StandardOps.PAD, attributes, drawn(3, 4), vector(5, 9), value, vector(0));
    }
    add(StandardOps.TRILU, NONE, drawn(2, 3, 4));
    add(StandardOps.TRILU, NONE.with(Trilu.UPPER, 0L), drawn(3, 3), vector(-1));
    add(StandardOps.CENTER_CROP_PAD, NONE, drawn(3, 5), vector(6, 2));
    Attributes last = NONE.with(CenterCropPad.AXES, List.of(-1L));
    add(StandardOps.CENTER_CROP_PAD, last, drawn(3, 5), vector(7));
  }

  private void addScatters() {
    Input rows = matrix(2, 2, 1, 0, -1, 1);
    for (String reduction : List.of("none", "add", "max", "min", "mul")) {
      Attributes how = NONE.with(ScatterElements.REDUCTION, reduction);
      add(StandardOps.SCATTER_ELEMENTS, how, drawn(3, 2), rows, drawn(2, 2));
      Attributes slices = NONE.with(ScatterNd.REDUCTION, reduction);
      add(StandardOps.SCATTER_ND, slices, drawn(3, 2), matrix(2, 1, 2, 2), drawn(2, 2));
    }
    add(StandardOps.SCATTER, NONE, drawn(3, 2), rows, drawn(2, 2));
    Attributes around = NONE.with(TensorScatter.MODE, "circular");
    add(StandardOps.TENSOR_SCATTER, around, drawn(2, 4, 3), drawn(2, 2, 3), vector(3, 1));
  }

  private void addOthers() {
    add(StandardOps.TOP_K, NONE, drawn(2, 5), vector(3));
    Attributes smallest = NONE.with(TopK.AXIS, 0L).with(TopK.LARGEST, 0L);
    add(StandardOps.TOP_K, smallest, drawn(4, 2), vector(2));
    Input depth = given(Tensor.scalar(ElementType.INT64, 4));
    add(StandardOps.ONE_HOT, NONE, vector(0, -1, 9), depth, drawn(2));
    add(StandardOps.ONE_HOT, NONE.with(OneHot.AXIS, 0L), matrix(1, 2, 3, 1), depth, drawn(2));
  }
}
