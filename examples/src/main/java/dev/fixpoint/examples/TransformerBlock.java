package dev.fixpoint.examples;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.op.standard.Transpose;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A transformer block with seeded weights: {@code h = x + attention(norm(x))}, {@code y = h +
 * feedForward(norm(h))}. Both normalizations give a few channels a hundred times the range of the
 * others, as those of large language models do, and the weights that read them are as much smaller:
 * the planted channels change nothing over the reals.
 */
public final class TransformerBlock {
  /** Name of the input, float32 [batch, {@value #TOKENS}, {@value #WIDTH}]. */
  public static final String INPUT = "x";

  /** Name of the output. */
  public static final String OUTPUT = "y";

  private static final int TOKENS = 16;
  private static final int WIDTH = 64;
  private static final int HEADS = 4;
  private static final int HIDDEN = 4 * WIDTH;
  private static final Set<Integer> OUTLIERS = Set.of(3, 17);

  private final GraphBuilder builder = new GraphBuilder("block");
  private final Random random;
  private final float factor;

  private TransformerBlock(long seed, float factor) {
    this.random = new Random(seed);
    this.factor = factor;
  }

  /**
   * The block.
   *
   * @param seed of the weights
   * @param factor range of an outlier channel over that of the others
   */
  public static Graph graph(long seed, float factor) {
    return new TransformerBlock(seed, factor).build();
  }

  /** Normally distributed inputs. */
  public static Tensor inputs(long seed, int samples) {
    return normal(new Random(seed), 1, samples, TOKENS, WIDTH);
  }

  private Graph build() {
    Shape shape =
        Shape.of(List.of(Dimension.of("batch"), Dimension.of(TOKENS), Dimension.of(WIDTH)));
    Value x = builder.input(INPUT, new TensorType(ElementType.FLOAT, shape));
    Value h = call("h", StandardOps.ADD, x, attention(normalized("n1", x)));
    Value inner = layer("f1", normalized("n2", h), WIDTH, HIDDEN, true);
    Value outer = layer("f2", call("gelu", StandardOps.GELU, inner), HIDDEN, WIDTH, false);
    return builder.output(call(OUTPUT, StandardOps.ADD, h, outer)).build();
  }

  private Value attention(Value x) {
    Value q = heads(layer("q", x, WIDTH, WIDTH, true), 0, 2, 1, 3);
    Value k = heads(layer("k", x, WIDTH, WIDTH, true), 0, 2, 3, 1);
    Value v = heads(layer("v", x, WIDTH, WIDTH, true), 0, 2, 1, 3);
    Value root = builder.constant("root", Tensor.ofFloats(Shape.SCALAR, 4));
    Value scores = call("scores", StandardOps.DIV, call("qk", StandardOps.MAT_MUL, q, k), root);
    Value mixed = call("pv", StandardOps.MAT_MUL, call("p", StandardOps.SOFTMAX, scores), v);
    Value joined = builder.constant("joined", Tensor.vector(0, TOKENS, WIDTH));
    Value together = call("heads", StandardOps.RESHAPE, transposed(mixed, 0, 2, 1, 3), joined);
    return layer("o", together, WIDTH, WIDTH, false);
  }

  private Value heads(Value x, long... perm) {
    Value apart = builder.constant("apart", Tensor.vector(0, TOKENS, HEADS, WIDTH / HEADS));
    return transposed(call("split", StandardOps.RESHAPE, x, apart), perm);
  }

  private Value transposed(Value x, long... perm) {
    Attributes attributes =
        Attributes.NONE.with(Transpose.PERM, Arrays.stream(perm).boxed().toList());
    return builder.call("t", StandardOps.TRANSPOSE, attributes, x);
  }

  private Value normalized(String name, Value x) {
    float[] scale = new float[WIDTH];
    for (int c = 0; c < WIDTH; c++) {
      scale[c] = OUTLIERS.contains(c) ? factor : 1;
    }
    Value weight = builder.constant(name + "_scale", Tensor.ofFloats(Shape.of(WIDTH), scale));
    return call(name, StandardOps.LAYER_NORMALIZATION, x, weight);
  }

  /** A product with seeded weights and bias; those that read a normalization read outliers. */
  private Value layer(String name, Value x, int inputs, int outputs, boolean readsOutliers) {
    float[] weights = normal(random, Math.sqrt(1.0 / inputs), inputs, outputs).toFloats();
    for (int i = 0; readsOutliers && i < weights.length; i++) {
      weights[i] /= OUTLIERS.contains(i / outputs) ? factor : 1;
    }
    Value w = builder.constant(name + "_w", Tensor.ofFloats(Shape.of(inputs, outputs), weights));
    Value b = builder.constant(name + "_b", normal(random, 0.1, outputs));
    return call(name, StandardOps.ADD, call(name + "_product", StandardOps.MAT_MUL, x, w), b);
  }

  private Value call(String name, OpDefinition op, Value... inputs) {
    return builder.call(name, op, Attributes.NONE, inputs);
  }

  private static Tensor normal(Random random, double deviation, long... sizes) {
    Shape shape = Shape.of(sizes);
    float[] values = new float[Math.toIntExact(shape.elementCount())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return Tensor.ofFloats(shape, values);
  }
}
