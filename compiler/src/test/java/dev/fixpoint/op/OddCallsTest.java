package dev.fixpoint.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Calls with inputs and attributes that hardly ever fit: they are refused by the exceptions that
 * definitions may throw, or give what was inferred.
 */
class OddCallsTest {
  private static final int CALLS = 200;
  private static final long LARGEST_RESULT = 1 << 20;

  private static final long[] NUMBERS = {
    -1, 0, 1, 2, 3, -2, 4, 5, 100, -100, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE
  };

  private static final List<String> WORDS =
      List.of("", "constant", "reflect", "wrap", "edge", "add", "none", "bidirectional", "Tanh");

  static List<OpDefinition> operators() {
    return List.of(
        StandardOps.ATTENTION,
        StandardOps.CAUSAL_CONV_WITH_STATE,
        StandardOps.CENTER_CROP_PAD,
        StandardOps.COMPRESS,
        StandardOps.CONCAT,
        StandardOps.CONSTANT_OF_SHAPE,
        StandardOps.DROPOUT,
        StandardOps.EXPAND,
        StandardOps.EYE_LIKE,
        StandardOps.FLATTEN,
        StandardOps.GATHER,
        StandardOps.GATHER_ELEMENTS,
        StandardOps.GATHER_ND,
        StandardOps.GRU,
        StandardOps.LINEAR_ATTENTION,
        StandardOps.LSTM,
        StandardOps.MULTINOMIAL,
        StandardOps.NEGATIVE_LOG_LIKELIHOOD_LOSS,
        StandardOps.NON_MAX_SUPPRESSION,
        StandardOps.NON_ZERO,
        StandardOps.ONE_HOT,
        StandardOps.PAD,
        StandardOps.RANGE,
        StandardOps.RESHAPE,
        StandardOps.REVERSE_SEQUENCE,
        StandardOps.RNN,
        StandardOps.ROTARY_EMBEDDING,
        StandardOps.SCATTER,
        StandardOps.SCATTER_ELEMENTS,
        StandardOps.SCATTER_ND,
        StandardOps.SHAPE,
        StandardOps.SIZE,
        StandardOps.SLICE,
        StandardOps.SOFTMAX_CROSS_ENTROPY_LOSS,
        StandardOps.SPLIT,
        StandardOps.SQUEEZE,
        StandardOps.STRING_NORMALIZER,
        StandardOps.STRING_SPLIT,
        StandardOps.TENSOR_SCATTER,
        StandardOps.TF_IDF_VECTORIZER,
        StandardOps.TILE,
        StandardOps.TOP_K,
        StandardOps.TRANSPOSE,
        StandardOps.TRILU,
        StandardOps.UNIQUE,
        StandardOps.UNSQUEEZE);
  }

  @ParameterizedTest
  @MethodSource("operators")
  void oddCallsAreRefusedOrGiveWhatWasInferred(OpDefinition op) {
    Random random = new Random(op.id().hashCode());
    for (int i = 0; i < CALLS; i++) {
      check(op, new OddCall(op.schema(), random));
    }
  }

  private static void check(OpDefinition op, OddCall odd) {
    try {
      op.inferTypes(odd.partlyKnown());
      op.shapeValue(odd.partlyKnown());
      List<TensorType> types = op.inferTypes(odd.known());
      if (types.stream().allMatch(OddCallsTest::isSmall)) {
        List<Tensor> results = op.evaluate(odd.known());
        for (int i = 0; i < results.size(); i++) {
          assertThat(types.get(i).isCompatibleWith(results.get(i).type()))
              .as("%s for %s", types.get(i), results.get(i))
              .isTrue();
        }
      }
    } catch (IllegalArgumentException
        | IllegalStateException
        | ArithmeticException
        | UnsupportedOperationException e) {
      assertThat(e).hasMessageMatching("(?s).+");
    }
  }

  private static boolean isSmall(TensorType type) {
    return !type.shape().isStatic() || type.shape().elementCount() <= LARGEST_RESULT;
  }

  /** Inputs and attributes of the right kinds, and of any shape and value. */
  private static final class OddCall {
    private final Random random;
    private final Attributes attributes;
    private final List<@Nullable Tensor> inputs = new ArrayList<>();
    private final List<@Nullable TensorType> types = new ArrayList<>();
    private final List<@Nullable Tensor> constants = new ArrayList<>();
    private final int outputs;

    OddCall(OpSchema schema, Random random) {
      this.random = random;
      Map<String, AttributeValue> values = new LinkedHashMap<>();
      for (Attribute<?> key : schema.attributes()) {
        if (key.isRequired() || random.nextBoolean()) {
          values.put(key.name(), value(key));
        }
      }
      this.attributes = Attributes.of(values);
      for (OpSchema.Parameter parameter : schema.inputs()) {
        boolean isAbsent = parameter.arity() == OpSchema.Arity.OPTIONAL && random.nextBoolean();
        addInput(isAbsent ? null : tensor(parameter.types()));
      }
      this.outputs = 1 + random.nextInt(schema.outputs().size());
    }

    private void addInput(@Nullable Tensor tensor) {
      boolean isKnown = random.nextBoolean();
      inputs.add(tensor);
      constants.add(isKnown ? tensor : null);
      if (tensor == null || isKnown || random.nextBoolean()) {
        types.add(tensor == null ? null : tensor.type());
      } else {
        boolean hasRank = random.nextBoolean();
        Shape shape = hasRank ? Shape.ofRank(tensor.shape().rank()) : Shape.UNRANKED;
        types.add(tensor.type().withShape(shape));
      }
    }

    OpCall known() {
      return OpCall.ofTensors(attributes, inputs, outputs);
    }

    OpCall partlyKnown() {
      List<@Nullable ShapeValue> values = new ArrayList<>();
      for (Tensor constant : constants) {
        values.add(constant == null ? null : ShapeValue.ofTensor(constant));
      }
      return OpCall.of(attributes, types, constants, values, outputs);
    }

    private long number() {
      return NUMBERS[random.nextInt(random.nextInt(3) == 0 ? NUMBERS.length : 7)];
    }

    private AttributeValue value(Attribute<?> key) {
      Class<? extends AttributeValue> kind = key.kind();
      if (kind == AttributeValue.OfInt.class) {
        return new AttributeValue.OfInt(number());
      }
      if (kind == AttributeValue.OfFloat.class) {
        return new AttributeValue.OfFloat(number());
      }
      if (kind == AttributeValue.OfString.class) {
        return new AttributeValue.OfString(WORDS.get(random.nextInt(WORDS.size())));
      }
      if (kind == AttributeValue.OfInts.class) {
        return new AttributeValue.OfInts(
            random.ints(random.nextInt(4), -3, 4).mapToObj(value -> (long) value).toList());
      }
      if (kind == AttributeValue.OfFloats.class) {
        return new AttributeValue.OfFloats(List.of((float) number()));
      }
      if (kind == AttributeValue.OfStrings.class) {
        return new AttributeValue.OfStrings(List.of("Tanh", "Relu", "Affine"));
      }
      return new AttributeValue.OfTensor(tensor(OpSchema.Types.NUMBERS));
    }

    private Tensor tensor(Set<ElementType> allowed) {
      ElementType type = ElementType.FLOAT;
      if (!allowed.contains(type) || random.nextInt(4) == 0) {
        List<ElementType> choices =
            allowed.stream().filter(t -> t.isInteger() || t == ElementType.BOOL).sorted().toList();
        type = choices.isEmpty() ? type : choices.get(random.nextInt(choices.size()));
      }
      long[] sizes = random.longs(random.nextInt(5), 0, 4).toArray();
      Shape shape = Shape.of(sizes);
      int count = Math.toIntExact(shape.elementCount());
      if (allowed.equals(Set.of(ElementType.STRING))) {
        return Tensor.ofStrings(shape, random.ints(count, 0, 9).mapToObj(WORDS::get).toList());
      }
      long[] bits = new long[count];
      for (int i = 0; i < count; i++) {
        bits[i] = type.isFloat() ? Float.floatToIntBits((float) number()) : number();
      }
      return Tensor.ofBits(type, shape, bits);
    }
  }
}
