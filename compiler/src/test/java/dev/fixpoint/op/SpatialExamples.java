package dev.fixpoint.op;

import dev.fixpoint.op.OpExample.Input;
import dev.fixpoint.op.standard.Activation;
import dev.fixpoint.op.standard.AveragePool;
import dev.fixpoint.op.standard.Conv;
import dev.fixpoint.op.standard.Einsum;
import dev.fixpoint.op.standard.Gemm;
import dev.fixpoint.op.standard.GridSample;
import dev.fixpoint.op.standard.GroupNormalization;
import dev.fixpoint.op.standard.LRN;
import dev.fixpoint.op.standard.LpNormalization;
import dev.fixpoint.op.standard.LpPool;
import dev.fixpoint.op.standard.Resize;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.op.standard.WindowGeometry;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Example calls of convolutions, pools, products, normalizations and interpolations. */
final class SpatialExamples {
  private static final double[][] INTERVALS = {{-1, 1}, {0.25, 4}, {-8, -0.5}, {-300, 200}};

  private static final List<ElementType> TYPES =
      List.of(ElementType.FLOAT, ElementType.DOUBLE, ElementType.FLOAT16, ElementType.BFLOAT16);

  private static final List<OpDefinition> OPERATORS =
      List.of(
          StandardOps.CONV,
          StandardOps.CONV_TRANSPOSE,
          StandardOps.DEFORM_CONV,
          StandardOps.FUSED_CONV,
          StandardOps.FUSED_CONV_TRANSPOSE,
          StandardOps.GEMM,
          StandardOps.FUSED_GEMM,
          StandardOps.MAT_MUL,
          StandardOps.FUSED_MAT_MUL,
          StandardOps.EINSUM,
          StandardOps.AVERAGE_POOL,
          StandardOps.MAX_POOL,
          StandardOps.LP_POOL,
          StandardOps.GLOBAL_AVERAGE_POOL,
          StandardOps.GLOBAL_MAX_POOL,
          StandardOps.GLOBAL_LP_POOL,
          StandardOps.BATCH_NORMALIZATION,
          StandardOps.INSTANCE_NORMALIZATION,
          StandardOps.GROUP_NORMALIZATION,
          StandardOps.LAYER_NORMALIZATION,
          StandardOps.RMS_NORMALIZATION,
          StandardOps.MEAN_VARIANCE_NORMALIZATION,
          StandardOps.LP_NORMALIZATION,
          StandardOps.LRN,
          StandardOps.RESIZE,
          StandardOps.GRID_SAMPLE,
          StandardOps.COL2IM,
          StandardOps.AFFINE_GRID);

  private final OpDefinition op;
  private final ElementType type;
  private final double low;
  private final double high;
  private final List<OpExample> examples;

  private SpatialExamples(
      OpDefinition op, ElementType type, double low, double high, List<OpExample> examples) {
    this.op = op;
    this.type = type;
    this.low = low;
    this.high = high;
    this.examples = examples;
  }

  static Stream<OpDefinition> operators() {
    return OPERATORS.stream();
  }

  /** The example calls of an operator, in every type and interval. */
  static List<OpExample> of(OpDefinition op) {
    List<OpExample> examples = new ArrayList<>();
    for (ElementType type : TYPES) {
      for (double[] interval : INTERVALS) {
        // Squares and products of large numbers are beyond float16.
        if (type != ElementType.FLOAT16 || interval[1] < 100) {
          new SpatialExamples(op, type, interval[0], interval[1], examples).addAll();
        }
      }
    }
    return examples;
  }

  private void addAll() {
    switch (op.id().name()) {
      case "Conv", "FusedConv", "ConvTranspose", "FusedConvTranspose", "DeformConv" ->
          addConvolutions();
      case "Gemm", "FusedGemm", "MatMul", "FusedMatMul", "Einsum" -> addProducts();
      case "AveragePool", "MaxPool", "LpPool" -> addPools();
      case "Resize", "GridSample", "Col2Im", "AffineGrid" -> addInterpolations();
      case "BatchNormalization", "InstanceNormalization", "GroupNormalization" -> addByChannel();
      default -> addNormalizations();
    }
  }

  private static Attributes ints(Attribute<List<Long>> key, Long... values) {
    return Attributes.NONE.with(key, List.of(values));
  }

  private void addConvolutions() {
    Attributes padded = ints(WindowGeometry.PADS, 1L, 0L, 1L, 1L);
    Attributes strided = padded.with(WindowGeometry.STRIDES, List.of(2L, 1L)).with(Conv.GROUP, 2L);
    Input x = drawn(1, 4, 4, 3);
    switch (op.id().name()) {
      case "FusedConv" -> {
        Attributes swish = new Activation.HardSwish().addTo(padded);
        add(swish, x, drawn(2, 4, 2, 2), drawn(2), drawn(1, 2, 5, 3));
        add(new Activation.LeakyRelu(0.1f).addTo(strided), x, drawn(2, 2, 2, 2));
        add(new Activation.Swish().addTo(strided), x, drawn(2, 2, 2, 2), drawn(2));
      }
      case "DeformConv" -> {
        Tensor offsets = Tensor.filled(ElementType.FLOAT, Shape.of(1, 8, 3, 2), 0.25);
        Tensor typed = Tensor.ofDoubles(type, offsets.shape(), offsets.toDoubles());
        add(Attributes.NONE, x, drawn(2, 4, 2, 2), new Input.Given(typed), drawn(2));
      }
      case "FusedConvTranspose" -> {
        add(new Activation.HardSwish().addTo(padded), x, drawn(4, 3, 2, 2), drawn(3));
        add(new Activation.LeakyRelu(0.1f).addTo(strided), x, drawn(4, 1, 2, 2));
      }
      case "ConvTranspose" -> {
        add(padded, x, drawn(4, 3, 2, 2), drawn(3));
        add(strided, x, drawn(4, 1, 2, 2));
      }
      default -> {
        add(padded, x, drawn(3, 4, 2, 2), drawn(3));
        add(strided, x, drawn(2, 2, 2, 2));
      }
    }
  }

  private void addProducts() {
    switch (op.id().name()) {
      case "Einsum" -> {
        Attributes product = Attributes.NONE.with(Einsum.EQUATION, "bij,bjk->bik");
        add(product, drawn(2, 3, 4), drawn(2, 4, 2));
        add(Attributes.NONE.with(Einsum.EQUATION, "ii->i"), drawn(3, 3));
      }
      case "Gemm", "FusedGemm" -> {
        Attributes factors = Attributes.NONE.with(Gemm.ALPHA, 0.5f).with(Gemm.BETA, -3f);
        add(factors, drawn(2, 3), drawn(3, 4), drawn(4));
        add(Attributes.NONE.with(Gemm.TRANS_B, 1L), drawn(2, 3), drawn(4, 3), drawn(2, 1));
      }
      default -> {
        add(Attributes.NONE, drawn(2, 3, 4), drawn(4, 2));
        add(Attributes.NONE, drawn(3, 4), drawn(2, 4, 2));
        add(Attributes.NONE, drawn(4), drawn(4));
      }
    }
  }

  private void addPools() {
    Attributes windows =
        ints(WindowGeometry.KERNEL_SHAPE, 2L, 3L)
            .with(WindowGeometry.PADS, List.of(1L, 0L, 0L, 2L))
            .with(WindowGeometry.CEIL_MODE, 1L);
    add(windows, drawn(1, 2, 4, 5));
    add(windows.with(WindowGeometry.STRIDES, List.of(2L, 2L)), drawn(1, 2, 4, 5));
    if (op.equals(StandardOps.AVERAGE_POOL)) {
      add(windows.with(AveragePool.COUNT_INCLUDE_PAD, 1L), drawn(1, 2, 4, 5));
    }
    if (op.equals(StandardOps.LP_POOL)) {
      add(windows.with(LpPool.P, 1L), drawn(1, 2, 4, 5));
      add(windows.with(LpPool.P, 3L), drawn(1, 2, 4, 5));
    }
  }

  private void addByChannel() {
    Attributes attributes =
        op.equals(StandardOps.GROUP_NORMALIZATION)
            ? Attributes.NONE.with(GroupNormalization.NUM_GROUPS, 2L)
            : Attributes.NONE;
    if (op.equals(StandardOps.BATCH_NORMALIZATION)) {
      Input variance = new Input.Drawn(type, Shape.of(4), 0.25, 3);
      add(attributes, drawn(2, 4, 3), drawn(4), drawn(4), drawn(4), variance);
    } else {
      add(attributes, drawn(2, 4, 3), drawn(4), drawn(4));
    }
  }

  private void addNormalizations() {
    switch (op.id().name()) {
      case "LayerNormalization" -> {
        add(Attributes.NONE, drawn(2, 3, 4), drawn(4), drawn(4));
        add(Attributes.NONE, drawn(2, 3, 4), drawn(4));
      }
      case "RMSNormalization" -> add(Attributes.NONE, drawn(2, 3, 4), drawn(4));
      case "LpNormalization" -> {
        add(Attributes.NONE.with(LpNormalization.AXIS, 1L), drawn(2, 3, 4));
        add(Attributes.NONE.with(LpNormalization.P, 1L), drawn(2, 3, 4));
      }
      case "LRN" -> add(Attributes.NONE.with(LRN.SIZE, 3L), drawn(2, 5, 2));
      default -> add(Attributes.NONE, drawn(2, 2, 3, 2));
    }
  }

  private void addInterpolations() {
    switch (op.id().name()) {
      case "Resize" -> {
        Input scales = new Input.Given(Tensor.ofFloats(Shape.of(4), 1, 1, 1.5f, 0.6f));
        for (String mode : List.of("nearest", "linear", "cubic")) {
          add(Attributes.NONE.with(Resize.MODE, mode), drawn(1, 2, 3, 5), null, scales);
        }
      }
      case "GridSample" -> {
        double[] places = {-1, -0.3, 0.2, 0.9, 1.4, 0};
        Input grid = new Input.Given(Tensor.ofDoubles(type, Shape.of(1, 1, 3, 2), places));
        for (String mode : List.of("nearest", "linear", "cubic")) {
          add(Attributes.NONE.with(GridSample.MODE, mode), drawn(1, 2, 3, 4), grid);
        }
      }
      case "Col2Im" -> {
        Input image = new Input.Given(Tensor.vector(3, 3));
        add(Attributes.NONE, drawn(1, 8, 4), image, new Input.Given(Tensor.vector(2, 2)));
      }
      default -> add(Attributes.NONE, drawn(1, 2, 3), new Input.Given(Tensor.vector(1, 1, 2, 3)));
    }
  }

  private Input drawn(long... sizes) {
    return new Input.Drawn(type, Shape.of(sizes), low, high);
  }

  private void add(Attributes attributes, @Nullable Input... inputs) {
    examples.add(new OpExample(op, attributes, Arrays.asList(inputs)));
  }
}
