package dev.fixpoint.rulelang;

import dev.fixpoint.grammar.LiteralList;
import dev.fixpoint.grammar.RuleLanguageParser;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The tensors that a rule writes out, such as {@code float[2] {1, 2.5}}. */
final class TensorConstants {
  private TensorConstants() {}

  /** The tensor of a type and its values. */
  static Tensor read(RuleLanguageParser.TensorConstantContext written) {
    ElementType type = ElementType.ofText(written.tensorType().PRIM_TYPE().getText()).orElseThrow();
    LiteralList list = LiteralList.of(written.BRACED_LITERALS());
    Shape shape = shape(written, list.size());
    if (type == ElementType.STRING) {
      List<String> strings = new ArrayList<>();
      for (int i = 0; i < list.size(); i++) {
        strings.add(list.stringAt(i));
      }
      return Tensor.ofStrings(shape, strings);
    }
    if (!type.isNumeric()) {
      throw Errors.at(
          written.tensorType(),
          "found '" + type.text() + "', expected an element type of numbers or strings");
    }
    return type.isFloat() ? floats(type, shape, list) : integers(type, shape, list);
  }

  private static Shape shape(RuleLanguageParser.TensorConstantContext written, int values) {
    long count = 1;
    List<Long> sizes = new ArrayList<>();
    for (var size : written.tensorType().INT()) {
      try {
        sizes.add(Long.parseLong(size.getText()));
        count = Math.multiplyExact(count, sizes.getLast());
      } catch (NumberFormatException | ArithmeticException e) {
        count = -1;
        break;
      }
    }
    if (count != values) {
      throw Errors.at(
          written,
          "found "
              + values
              + (values == 1 ? " value" : " values")
              + ", expected as many as "
              + written.tensorType().getText()
              + " has");
    }
    return Shape.of(sizes.stream().mapToLong(Long::longValue).toArray());
  }

  private static Tensor floats(ElementType type, Shape shape, LiteralList list) {
    double[] values = new double[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.doubleAt(i);
      double stored = Tensor.scalar(type, values[i]).doubleAt(0);
      if (Double.isFinite(values[i]) && !Double.isFinite(stored)) {
        throw Errors.at(
            list.rangeAt(i), "found a number beyond " + type.text() + ", expected a smaller one");
      }
    }
    return Tensor.ofDoubles(type, shape, values);
  }

  private static Tensor integers(ElementType type, Shape shape, LiteralList list) {
    long[] values = new long[list.size()];
    long min = type == ElementType.BOOL ? 0 : type.minInteger();
    long max = type == ElementType.BOOL ? 1 : type.maxInteger();
    for (int i = 0; i < values.length; i++) {
      values[i] = type == ElementType.UINT64 ? list.unsignedLongAt(i) : list.longAt(i);
      if (type != ElementType.UINT64 && (values[i] < min || values[i] > max)) {
        throw Errors.at(
            list.rangeAt(i),
            "found " + list.writtenAt(i) + ", expected a number of type " + type.text());
      }
    }
    return Tensor.ofLongs(type, shape, values);
  }
}
