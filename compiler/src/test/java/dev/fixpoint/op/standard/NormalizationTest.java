package dev.fixpoint.op.standard;

import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The bounds of the normalizations against drawn inputs and against float32 arithmetic. */
class NormalizationTest {
  private static DrawnCall drawn(OpDefinition op, Attributes attributes, Random random) {
    boolean perChannel = !(op instanceof LayerNormalization || op instanceof RMSNormalization);
    Tensor x = DrawnCall.reals(random, 2, 4, 3, 2);
    Tensor scale = perChannel ? DrawnCall.reals(random, 4) : DrawnCall.reals(random, 2);
    Tensor bias = perChannel ? DrawnCall.reals(random, 4) : DrawnCall.reals(random, 2);
    List<Tensor> inputs =
        op instanceof RMSNormalization ? Arrays.asList(x, scale) : Arrays.asList(x, scale, bias);
    return new DrawnCall(op, attributes, inputs, 1, random);
  }

  @Property(tries = 100)
  void layerNormalizationKeepsItsPromises(@ForAll long seed) {
    Random random = new Random(seed);
    long axis = random.nextInt(1, 4);
    drawn(new LayerNormalization(), Attributes.NONE.with(LayerNormalization.AXIS, axis), random)
        .checkPromises();
  }

  @Property(tries = 100)
  void rootMeanSquareNormalizationKeepsItsPromises(@ForAll long seed) {
    drawn(new RMSNormalization(), Attributes.NONE, new Random(seed)).checkPromises();
  }

  @Property(tries = 100)
  void instanceNormalizationKeepsItsPromises(@ForAll long seed) {
    drawn(new InstanceNormalization(), Attributes.NONE, new Random(seed)).checkPromises();
  }

  @Property(tries = 100)
  void groupNormalizationKeepsItsPromises(@ForAll long seed) {
    Attributes attributes = Attributes.NONE.with(GroupNormalization.NUM_GROUPS, 2L);
    drawn(new GroupNormalization(), attributes, new Random(seed)).checkPromises();
  }

  @Property(tries = 100)
  void meanVarianceNormalizationKeepsItsPromises(@ForAll long seed) {
    Random random = new Random(seed);
    Tensor x = DrawnCall.reals(random, 2, 4, 3, 2);
    new DrawnCall(new MeanVarianceNormalization(), Attributes.NONE, Arrays.asList(x), 1, random)
        .checkPromises();
  }

  @Property(tries = 100)
  void batchNormalizationKeepsItsPromises(@ForAll long seed) {
    Random random = new Random(seed);
    new DrawnCall(new BatchNormalization(), Attributes.NONE, batch(random), 1, random)
        .checkPromises();
  }

  private static List<Tensor> batch(Random random) {
    return Arrays.asList(
        DrawnCall.reals(random, 2, 3, 2, 2),
        DrawnCall.reals(random, 3),
        DrawnCall.reals(random, 3),
        DrawnCall.reals(random, 3),
        DrawnCall.positive(random, 3));
  }

  @Property(tries = 100)
  void batchNormalizationInFloatIsWithinTheBoundForMachines(@ForAll long seed) {
    Random random = new Random(seed);
    List<Tensor> inputs = batch(random);
    float[] y = inputs.get(0).toFloats();
    for (int i = 0; i < y.length; i++) {
      int c = i / 4 % 3;
      float root = (float) Math.sqrt(inputs.get(4).toFloats()[c] + 1e-5f);
      float factor = inputs.get(1).toFloats()[c] / root;
      float shift = inputs.get(2).toFloats()[c] - inputs.get(3).toFloats()[c] * factor;
      y[i] = y[i] * factor + shift;
    }
    new DrawnCall(new BatchNormalization(), Attributes.NONE, inputs, 1, random).checkMachine(y);
  }

  @Property(tries = 100)
  void layerNormalizationInFloatIsWithinTheBoundForMachines(@ForAll long seed) {
    Random random = new Random(seed);
    Tensor x = DrawnCall.reals(random, 3, 16);
    Tensor scale = DrawnCall.reals(random, 16);
    Tensor bias = DrawnCall.reals(random, 16);
    float[] y = x.toFloats();
    boolean onePass = random.nextBoolean();
    for (int row = 0; row < 3; row++) {
      normalize(y, row * 16, onePass);
      for (int i = 0; i < 16; i++) {
        y[row * 16 + i] = y[row * 16 + i] * scale.toFloats()[i] + bias.toFloats()[i];
      }
    }
    new DrawnCall(
            new LayerNormalization(), Attributes.NONE, Arrays.asList(x, scale, bias), 1, random)
        .checkMachine(y);
  }

  private static void normalize(float[] y, int from, boolean onePass) {
    float sum = 0;
    float squares = 0;
    for (int i = from; i < from + 16; i++) {
      sum += y[i];
      squares += y[i] * y[i];
    }
    float mean = sum / 16;
    float deviations = 0;
    for (int i = from; i < from + 16; i++) {
      deviations += (y[i] - mean) * (y[i] - mean);
    }
    float variance = onePass ? squares / 16 - mean * mean : deviations / 16;
    float root = (float) Math.sqrt(variance + 1e-5f);
    for (int i = from; i < from + 16; i++) {
      y[i] = (y[i] - mean) / root;
    }
  }
}
