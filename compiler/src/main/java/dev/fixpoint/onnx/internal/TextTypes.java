package dev.fixpoint.onnx.internal;

import dev.fixpoint.grammar.Literal;
import dev.fixpoint.grammar.OnnxTextParser;
import dev.fixpoint.grammar.SourceRange;
import dev.fixpoint.grammar.Spelling;
import dev.fixpoint.grammar.SyntaxException;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.ElementType;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The types in ONNX text. */
final class TextTypes {
  private TextTypes() {}

  /** The type of a value; unknown where none is written, or one of something else than a tensor. */
  static TensorType declared(OnnxTextParser.@Nullable TypeContext type) {
    return type == null || type.tensorType() == null
        ? TensorType.UNKNOWN
        : tensorType(type.tensorType());
  }

  /**
   * A tensor type.
   *
   * @throws SyntaxException if it is of something else
   */
  static TensorType required(OnnxTextParser.TypeContext type) {
    if (type.tensorType() == null) {
      throw new SyntaxException(
          SourceRange.of(type),
          "found the type of something else than a tensor, which is not kept here");
    }
    return tensorType(type.tensorType());
  }

  /** A tensor type: without brackets of a scalar, with empty ones of unknown rank. */
  static TensorType tensorType(OnnxTextParser.TensorTypeContext type) {
    ElementType elementType =
        ElementType.ofText(type.primType().getText())
            .orElseThrow(
                () ->
                    new SyntaxException(
                        SourceRange.of(type.primType()),
                        "'" + type.primType().getText() + "' is no element type"));
    if (type.LBRACKET() == null) {
      return new TensorType(elementType, Shape.SCALAR);
    }
    if (type.tensorDims() == null) {
      return new TensorType(elementType, Shape.UNRANKED);
    }
    List<Dimension> dimensions = new ArrayList<>();
    type.tensorDims().tensorDim().forEach(dim -> dimensions.add(dimension(dim)));
    try {
      return new TensorType(elementType, Shape.of(dimensions));
    } catch (IllegalArgumentException e) {
      throw caused(new SyntaxException(SourceRange.of(type), String.valueOf(e.getMessage())), e);
    }
  }

  private static Dimension dimension(OnnxTextParser.TensorDimContext dim) {
    if (dim.intConstant() != null) {
      Literal size = Literal.of(dim.intConstant());
      if (size.longValue() < 0) {
        throw new SyntaxException(
            size.range(), "found " + size.written() + ", expected a size, a name or '?'");
      }
      return Dimension.of(size.longValue());
    }
    if (dim.quotableId() == null) {
      return Dimension.UNKNOWN;
    }
    String name = Spelling.nameOf(dim.quotableId());
    return name.isEmpty() ? Dimension.UNKNOWN : Dimension.of(name);
  }

  private static SyntaxException caused(SyntaxException exception, Throwable cause) {
    exception.initCause(cause);
    return exception;
  }
}
