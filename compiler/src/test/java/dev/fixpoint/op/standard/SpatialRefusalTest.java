package dev.fixpoint.op.standard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fixpoint.bound.Range;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls that cannot be right are refused in words, before memory is taken; empty ones are not. */
class SpatialRefusalTest {
  private static final long HUGE = Integer.MAX_VALUE;
  private static final List<Long> HUGE_PAIR = List.of(HUGE, HUGE);
  private static final List<Long> HUGE_FOUR = List.of(HUGE, HUGE, HUGE, HUGE);

  record Case(
      OpDefinition op, Attributes attributes, List<@Nullable Tensor> inputs, String problem) {
    OpCall call() {
      return OpCall.ofTensors(attributes, inputs, 1);
    }

    @Override
    public String toString() {
      return op.id() + " " + attributes + ": " + problem;
    }
  }

  private static <T> Attributes with(Attribute<T> key, T value) {
    return Attributes.NONE.with(key, value);
  }

  private static Tensor ones(long... sizes) {
    return Tensor.filled(ElementType.FLOAT, Shape.of(sizes), 1);
  }

  private static Case of(
      String problem, OpDefinition op, Attributes attributes, @Nullable Tensor... inputs) {
    return new Case(op, attributes, Arrays.asList(inputs), problem);
  }

  static Stream<Case> wrongCalls() {
    Tensor image = ones(1, 1, 2, 2);
    Attributes windows = with(WindowGeometry.KERNEL_SHAPE, List.of(2L, 2L));
    Tensor factors = Tensor.ofFloats(Shape.of(4), 1, 1, 1e9f, 1);
    return Stream.of(
        of("too large", new Conv(), with(WindowGeometry.PADS, HUGE_FOUR), image, image),
        of("does not fit", new Conv(), with(WindowGeometry.DILATIONS, HUGE_PAIR), image, image),
        of("groups", new Conv(), with(Conv.GROUP, HUGE), image, image),
        of("group", new Conv(), with(Conv.GROUP, 0L), image, image),
        of("is empty", new Conv(), Attributes.NONE, image, ones(3, 1, 0, 2)),
        of("but W is", new Conv(), Attributes.NONE, image, ones(3, 2, 1, 1)),
        of("but B is", new Conv(), Attributes.NONE, image, ones(3, 1, 1, 1), ones(2)),
        of("too large", new AveragePool(), windows.with(WindowGeometry.PADS, HUGE_FOUR), image),
        of("kernel_shape", new MaxPool(), with(WindowGeometry.KERNEL_SHAPE, List.of(2L)), image),
        of("leave nothing", new ConvTranspose(), pads(9), ones(1, 1, 4, 4), image),
        of("entries", new Gemm(), Attributes.NONE, ones(2, 3), ones(2, 3)),
        of("matrix", new MatMul(), Attributes.NONE, ones(2, 3), ones(2, 3)),
        of("too large", new Resize(), linear(), image, null, factors),
        of("exactly one", new Resize(), linear(), image),
        of("block_shape", new Col2Im(), Attributes.NONE, ones(1, 8, 4), pair(3, 3), pair(0, 2)),
        of("outside", new MaxUnpool(), windows, ones(1, 1, 1, 1), index(99)),
        of("is not an equation", new Einsum(), with(Einsum.EQUATION, "ij->k"), ones(1, 2)),
        of("does not fit", new Einsum(), with(Einsum.EQUATION, "i.j->"), ones(1, 2)),
        of("multiple", new DepthToSpace(), with(DepthToSpace.BLOCKSIZE, 3L), ones(1, 8, 2, 2)),
        of("axis 5", new LayerNormalization(), with(LayerNormalization.AXIS, 5L), ones(2), ones(2)),
        of("too large", new RoiAlign(), Attributes.NONE, image, region(), Tensor.vector(0)));
  }

  private static Attributes pads(long pad) {
    return with(WindowGeometry.PADS, List.of(pad, pad, pad, pad));
  }

  private static Attributes linear() {
    return with(Resize.MODE, "linear");
  }

  private static Tensor pair(long a, long b) {
    return Tensor.vector(a, b);
  }

  private static Tensor index(long value) {
    return Tensor.ofLongs(ElementType.INT64, Shape.of(1, 1, 1, 1), value);
  }

  private static Tensor region() {
    return Tensor.ofFloats(Shape.of(1, 4), 0, 0, 1e30f, 1e30f);
  }

  @ParameterizedTest
  @MethodSource("wrongCalls")
  void aWrongCallIsRefusedInWords(Case wrong) {
    assertThatThrownBy(() -> wrong.op().evaluate(wrong.call()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(wrong.problem());
  }

  static Stream<Case> emptyCalls() {
    return Stream.of(
        of("no image", new Conv(), Attributes.NONE, ones(0, 1, 2, 2), ones(3, 1, 2, 2)),
        of("no channel", new Conv(), Attributes.NONE, ones(1, 0, 2, 2), ones(3, 0, 2, 2)),
        of("no output", new Conv(), Attributes.NONE, ones(1, 1, 2, 2), ones(0, 1, 2, 2)),
        of("no element", new GlobalAveragePool(), Attributes.NONE, ones(1, 2, 0, 3)),
        of("no term", new Gemm(), Attributes.NONE, ones(2, 0), ones(0, 3)),
        of("no matrix", new MatMul(), Attributes.NONE, ones(0, 2, 3), ones(3, 1)),
        of("no row", new LayerNormalization(), Attributes.NONE, ones(0, 2), ones(2)),
        of("no term", new Einsum(), with(Einsum.EQUATION, "ij,jk"), ones(2, 0), ones(0, 3)));
  }

  @ParameterizedTest
  @MethodSource("emptyCalls")
  void anEmptyCallHasAnEmptyOrZeroResult(Case empty) {
    Tensor result = empty.op().evaluate(empty.call()).getFirst();
    assertThat(result.type()).isEqualTo(empty.op().inferTypes(empty.call()).getFirst());
    assertThat(result.toDoubles()).containsOnly(new double[result.toDoubles().length]);
    List<@Nullable Range> ranges = Collections.nCopies(empty.inputs().size(), Range.of(-1, 1));
    assertThat(empty.op().rangeTransfer(empty.call(), ranges)).isNotEmpty();
  }
}
