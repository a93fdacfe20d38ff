package dev.fixpoint.op.standard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpCall;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Operators that sample, spread and contract elements: their bounds against drawn inputs. */
class WeighingTest {
  private static String pick(Random random, String... texts) {
    return texts[random.nextInt(texts.length)];
  }

  private static Tensor grid(Random random, long... sizes) {
    float[] values = new float[Math.toIntExact(Shape.of(sizes).elementCount())];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() * 3 - 1.5f;
    }
    return Tensor.ofFloats(Shape.of(sizes), values);
  }

  @Property(tries = 100)
  void gridSampleKeepsItsPromises(@ForAll long seed) {
    Random random = new Random(seed);
    boolean volume = random.nextBoolean();
    Tensor x =
        volume ? DrawnCall.reals(random, 1, 2, 3, 2, 4) : DrawnCall.reals(random, 2, 2, 3, 4);
    Tensor grid = volume ? grid(random, 1, 2, 2, 2, 3) : grid(random, 2, 3, 3, 2);
    Attributes attributes =
        Attributes.NONE
            .with(GridSample.MODE, pick(random, "linear", "nearest", "cubic"))
            .with(GridSample.PADDING_MODE, pick(random, "zeros", "border", "reflection"))
            .with(GridSample.ALIGN_CORNERS, (long) random.nextInt(2));
    new DrawnCall(new GridSample(), attributes, List.of(x, grid), 1, random).checkPromises();
  }

  @Property(tries = 100)
  void resizeKeepsItsPromises(@ForAll long seed) {
    Random random = new Random(seed);
    Tensor x = DrawnCall.reals(random, 1, 2, 3, 5);
    Tensor scales =
        Tensor.ofFloats(Shape.of(2), 0.4f + 2 * random.nextFloat(), 0.4f + 2 * random.nextFloat());
    Attributes attributes =
        Attributes.NONE
            .with(Resize.MODE, pick(random, "linear", "nearest", "cubic"))
            .with(Resize.AXES, List.of(2L, 3L))
            .with(Resize.ANTIALIAS, (long) random.nextInt(2))
            .with(
                Resize.COORDINATE_TRANSFORMATION_MODE,
                pick(random, "half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel"));
    new DrawnCall(new Resize(), attributes, Arrays.asList(x, null, scales), 1, random)
        .checkPromises();
  }

  @Property(tries = 100)
  void einsumKeepsItsPromises(@ForAll long seed) {
    Random random = new Random(seed);
    String equation = pick(random, "bij,bjk->bik", "bij,bjk", "...ij,...jk->...ki", "bij,bjk->");
    Tensor a = DrawnCall.reals(random, 2, 3, 4);
    Tensor b = DrawnCall.reals(random, 2, 4, 5);
    Attributes attributes = Attributes.NONE.with(Einsum.EQUATION, equation);
    new DrawnCall(new Einsum(), attributes, List.of(a, b), 1, random).checkPromises();
  }

  @Test
  void einsumWithoutAnArrowKeepsWhatOccursOnce() {
    Attributes attributes = Attributes.NONE.with(Einsum.EQUATION, "ba, bc");
    Tensor a = Tensor.ofFloats(Shape.of(2, 1), 1, 2);
    Tensor b = Tensor.ofFloats(Shape.of(2, 2), 3, 4, 5, 6);
    Tensor y = new Einsum().evaluate(OpCall.ofTensors(attributes, List.of(a, b), 1)).getFirst();
    assertThat(y).isEqualTo(Tensor.ofFloats(Shape.of(1, 2), 13, 16));
  }

  @Property(tries = 100)
  void normsAndNeighboursKeepTheirPromises(@ForAll long seed) {
    Random random = new Random(seed);
    Tensor x = DrawnCall.reals(random, 2, 5, 3);
    Attributes lines =
        Attributes.NONE
            .with(LpNormalization.AXIS, (long) random.nextInt(3))
            .with(LpNormalization.P, 1L + random.nextInt(2));
    new DrawnCall(new LpNormalization(), lines, List.of(x), 1, random).checkPromises();
    Attributes neighbours =
        Attributes.NONE.with(LRN.SIZE, 1L + random.nextInt(4)).with(LRN.ALPHA, 0.5f);
    new DrawnCall(new LRN(), neighbours, List.of(x), 1, random).checkPromises();
  }

  @Property(tries = 100)
  void columnsAndRegionsKeepTheirPromises(@ForAll long seed) {
    Random random = new Random(seed);
    Tensor columns = DrawnCall.reals(random, 1, 8, 9);
    List<Tensor> ofImage = List.of(columns, Tensor.vector(4, 4), Tensor.vector(2, 2));
    new DrawnCall(new Col2Im(), Attributes.NONE, ofImage, 1, random).checkPromises();
    Tensor x = DrawnCall.reals(random, 1, 2, 5, 5);
    Tensor region = Tensor.ofFloats(Shape.of(1, 4), 0.3f, -1, 3.2f, 4);
    Attributes bins =
        Attributes.NONE.with(RoiAlign.OUTPUT_HEIGHT, 2L).with(RoiAlign.OUTPUT_WIDTH, 3L);
    new DrawnCall(new RoiAlign(), bins, List.of(x, region, Tensor.vector(0)), 1, random)
        .checkPromises();
    Tensor whole = Tensor.ofFloats(Shape.of(1, 5), 0, 1, 0, 3, 4);
    Attributes pooled = Attributes.NONE.with(MaxRoiPool.POOLED_SHAPE, List.of(2L, 2L));
    new DrawnCall(new MaxRoiPool(), pooled, List.of(x, whole), 1, random).checkPromises();
  }

  @Property(tries = 50)
  void deformableConvolutionKeepsItsPromises(@ForAll long seed) {
    Random random = new Random(seed);
    List<Tensor> inputs =
        List.of(
            DrawnCall.reals(random, 1, 2, 4, 4),
            DrawnCall.reals(random, 3, 2, 2, 2),
            grid(random, 1, 8, 3, 3),
            DrawnCall.reals(random, 3),
            DrawnCall.positive(random, 1, 4, 3, 3));
    new DrawnCall(new DeformConv(), Attributes.NONE, inputs, 1, random).checkPromises();
  }

  @Test
  void aDeformableConvolutionWithoutOffsetsIsConv() {
    Random random = new Random(7);
    Tensor x = DrawnCall.integers(random, 1, 2, 5, 5);
    Tensor w = DrawnCall.integers(random, 3, 2, 3, 3);
    Tensor still = Tensor.filled(ElementType.FLOAT, Shape.of(1, 18, 5, 5), 0);
    Attributes padded = Attributes.NONE.with(WindowGeometry.PADS, DrawnCall.list(1, 1, 1, 1));
    Tensor deformed =
        new DrawnCall(new DeformConv(), padded, List.of(x, w, still), 1, random).result();
    Tensor plain = new DrawnCall(new Conv(), padded, List.of(x, w), 1, random).result();
    assertThat(deformed).isEqualTo(plain);
  }

  @Test
  void blocksGoToDepthAndBack() {
    float[] values = new float[2 * 8 * 3 * 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    Tensor x = Tensor.ofFloats(Shape.of(2, 8, 3, 2), values);
    for (String mode : List.of("DCR", "CRD")) {
      Attributes attributes =
          Attributes.NONE.with(DepthToSpace.BLOCKSIZE, 2L).with(DepthToSpace.MODE, mode);
      OpCall forth = OpCall.ofTensors(attributes, List.of(x), 1);
      Tensor space = new DepthToSpace().evaluate(forth).getFirst();
      OpCall back = OpCall.ofTensors(attributes, List.of(space), 1);
      assertThat(new SpaceToDepth().evaluate(back).getFirst()).isEqualTo(x);
    }
  }
}
