package dev.fixpoint.op.standard;

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
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parts of each string between delimiters, along a new last axis that is filled up with empty
 * strings, and their number.
 */
public final class StringSplit implements TextFunction {
  /** What stands between parts; runs of white space where absent or empty. */
  public static final Attribute<String> DELIMITER = Attribute.ofString("delimiter");

  /** Most splits of a string; the last part holds the rest. */
  public static final Attribute<Long> MAXSPLIT = Attribute.ofInt("maxsplit");

  /** {@code Y, Z = StringSplit(X)}. */
  public static final OpSchema SCHEMA =
      OpSchema.of("StringSplit")
          .versions(20)
          .input("X", TEXT)
          .output("Y", TEXT)
          .output("Z", Types.INT64)
          .attributes(DELIMITER, MAXSPLIT)
          .doc("The parts of strings between delimiters.");

  @Override
  public OpSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<TensorType> inferTypes(OpCall call) {
    TensorType x = call.type(0);
    Shape parts = Shape.UNRANKED;
    if (x.shape().isRanked()) {
      List<Dimension> dimensions = new ArrayList<>(x.shape().dimensions());
      dimensions.add(Dimension.UNKNOWN);
      parts = Shape.of(dimensions);
    }
    return List.of(x.withShape(parts), x.withElementType(ElementType.INT64))
        .subList(0, call.outputCount());
  }

  @Override
  public List<Tensor> evaluate(OpCall call) {
    Tensor x = call.tensor(0);
    Long given = call.attributes().find(MAXSPLIT);
    long most = given == null ? Long.MAX_VALUE : given;
    List<List<String>> all = new ArrayList<>();
    for (String text : x.strings()) {
      all.add(parts(text, call.attributes().find(DELIMITER), most));
    }
    int width = all.stream().mapToInt(List::size).max().orElse(0);
    List<String> filled = new ArrayList<>();
    for (List<String> parts : all) {
      filled.addAll(parts);
      filled.addAll(Collections.nCopies(width - parts.size(), ""));
    }
    List<Dimension> dimensions = new ArrayList<>(x.shape().dimensions());
    dimensions.add(Dimension.of(width));
    long[] counts = all.stream().mapToLong(List::size).toArray();
    return List.of(
            Tensor.ofStrings(Shape.of(dimensions), filled),
            Tensor.ofLongs(ElementType.INT64, x.shape(), counts))
        .subList(0, call.outputCount());
  }

  private static List<String> parts(String text, @Nullable String delimiter, long most) {
    return delimiter == null || delimiter.isEmpty()
        ? words(text.strip(), most)
        : between(text, delimiter, most);
  }

  private static List<String> between(String text, String delimiter, long most) {
    List<String> parts = new ArrayList<>();
    String rest = text;
    for (int end = rest.indexOf(delimiter);
        end >= 0 && parts.size() < most;
        end = rest.indexOf(delimiter)) {
      parts.add(rest.substring(0, end));
      rest = rest.substring(end + delimiter.length());
    }
    if (!text.isEmpty()) {
      parts.add(rest);
    }
    return parts;
  }

  private static List<String> words(String text, long most) {
    List<String> words = new ArrayList<>();
    String rest = text;
    for (int end = blank(rest); end >= 0 && words.size() < most; end = blank(rest)) {
      words.add(rest.substring(0, end));
      rest = rest.substring(end).stripLeading();
    }
    if (!rest.isEmpty()) {
      words.add(rest);
    }
    return words;
  }

  /** The position of the first white space, or -1. */
  private static int blank(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isWhitespace(text.charAt(i))) {
        return i;
      }
    }
    return -1;
  }
}
