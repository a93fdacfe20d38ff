package dev.fixpoint.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBody;
import dev.fixpoint.ir.GraphBuilder;
import dev.fixpoint.ir.GraphDifference;
import dev.fixpoint.ir.ModelInfo;
import dev.fixpoint.ir.Value;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.Attributes;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpaqueOp;
import dev.fixpoint.op.standard.StandardOps;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class TextPropertiesTest {
  private static final String CHARACTERS = "ab_1 \"\\\n\t<>{}[]()=:,.@?#-é漢\uD83D\uDE00";

  private static final List<String> WORDS =
      List.of("float", "int8", "nan", "Inf", "seq", "map", "opaque", "optional", "x", "ir_version");

  private static final List<ElementType> TYPES =
      List.of(ElementType.values()).stream().filter(ElementType::isNumeric).toList();

  /** A graph of anything that the text can say, drawn from a seed. */
  private static final class Drawing {
    private final SplittableRandom random;

    private Drawing(long seed) {
      this.random = new SplittableRandom(seed);
    }

    private String text() {
      if (random.nextInt(4) == 0) {
        return WORDS.get(random.nextInt(WORDS.size()));
      }
      int[] letters = CHARACTERS.codePoints().toArray();
      StringBuilder text = new StringBuilder();
      for (int i = 1 + random.nextInt(6); i > 0; i--) {
        text.appendCodePoint(letters[random.nextInt(letters.length)]);
      }
      return text.toString();
    }

    private Shape shape() {
      long[] sizes = random.longs(random.nextInt(4), 0, 4).toArray();
      return Shape.of(sizes);
    }

    private TensorType type() {
      ElementType element = TYPES.get(random.nextInt(TYPES.size()));
      if (random.nextInt(5) == 0) {
        return new TensorType(element, Shape.UNRANKED);
      }
      List<Dimension> dimensions = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        dimensions.add(
            switch (random.nextInt(3)) {
              case 0 -> Dimension.UNKNOWN;
              case 1 -> Dimension.of(text());
              default -> Dimension.of(random.nextLong(1000));
            });
      }
      return new TensorType(element, Shape.of(dimensions));
    }

    private Tensor tensor() {
      Shape shape = shape();
      int count = (int) shape.elementCount();
      if (random.nextInt(8) == 0) {
        List<String> strings = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          strings.add(text());
        }
        return Tensor.ofStrings(shape, strings);
      }
      ElementType type = TYPES.get(random.nextInt(TYPES.size()));
      long[] bits = random.longs(count).toArray();
      for (int i = 0; i < count; i++) {
        bits[i] = bits(type, bits[i]);
      }
      return Tensor.ofBits(type, shape, bits);
    }

    /** Any bits but those that the text cannot say: a NaN with a payload, a third truth value. */
    private long bits(ElementType type, long bits) {
      return switch (type) {
        case FLOAT -> {
          float value = Float.intBitsToFloat((int) bits);
          yield Float.floatToIntBits(random.nextInt(6) == 0 ? special() : value);
        }
        case DOUBLE -> Double.doubleToLongBits(Double.longBitsToDouble(bits));
        case BOOL -> bits & 1;
        default -> bits;
      };
    }

    private float special() {
      float[] values = {
        Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f, Float.MIN_VALUE
      };
      return values[random.nextInt(values.length)];
    }

    private float number() {
      return random.nextBoolean() ? special() : Float.intBitsToFloat(random.nextInt());
    }

    private AttributeValue attribute(int depth) {
      return switch (random.nextInt(depth > 2 ? 10 : 12)) {
        case 0 -> new AttributeValue.OfInt(random.nextLong());
        case 1 -> new AttributeValue.OfFloat(number());
        case 2 -> new AttributeValue.OfString(text());
        case 3 -> new AttributeValue.OfTensor(tensor());
        case 4 -> new AttributeValue.OfType(type());
        case 5 -> new AttributeValue.OfInts(random.longs(random.nextInt(3)).boxed().toList());
        case 6 -> new AttributeValue.OfFloats(random.nextBoolean() ? List.of() : List.of(number()));
        case 7 -> new AttributeValue.OfStrings(List.of(text(), text()));
        case 8 -> new AttributeValue.OfTensors(List.of(tensor(), tensor()));
        case 9 -> new AttributeValue.OfTypes(List.of(type()));
        case 10 -> new AttributeValue.OfGraph(new GraphBody(graph(depth + 1)));
        default -> new AttributeValue.OfGraphs(List.of(new GraphBody(graph(depth + 1))));
      };
    }

    private Graph graph(int depth) {
      GraphBuilder builder = new GraphBuilder(text());
      List<Value> values = new ArrayList<>();
      values.add(builder.input(text(), type()));
      values.add(builder.constant(text(), tensor()));
      for (int i = random.nextInt(4); i > 0; i--) {
        Map<String, AttributeValue> attributes = new LinkedHashMap<>();
        for (int k = random.nextInt(3); k > 0; k--) {
          attributes.put(text(), attribute(depth));
        }
        OpId op = new OpId("d." + text(), text());
        Value input = values.get(random.nextInt(values.size()));
        values.add(
            random.nextInt(4) == 0
                ? builder.call(text(), StandardOps.IDENTITY, Attributes.NONE, input)
                : builder.call(text(), new OpaqueOp(op), Attributes.of(attributes), input));
      }
      builder.output(values.getLast());
      return (depth == 0 ? builder.info(info()) : builder).build();
    }

    private ModelInfo info() {
      return new ModelInfo(
          12,
          Map.of("", 21L),
          text(),
          text(),
          text(),
          random.nextLong(),
          text(),
          text(),
          Map.of(text(), text()));
    }
  }

  @Property(tries = 300)
  void anyGraphComesBackEqual(@ForAll long seed) {
    Graph graph = OnnxReader.read(OnnxWriter.toBytes(new Drawing(seed).graph(0)));

    Graph back = OnnxTextReader.read("drawn", OnnxTextWriter.toText(graph));

    assertThat(GraphDifference.between(graph, back)).isEmpty();
  }
}
