package dev.fixpoint.onnx.internal;

import dev.fixpoint.grammar.Literal;
import dev.fixpoint.grammar.LiteralKind;
import dev.fixpoint.grammar.LiteralList;
import dev.fixpoint.grammar.OnnxTextParser;
import dev.fixpoint.grammar.SourceRange;
import dev.fixpoint.grammar.Spelling;
import dev.fixpoint.grammar.SyntaxException;
import dev.fixpoint.op.Attribute;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpRegistry;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of nodes in ONNX text. One without a type takes its kind from the value; an
 * integer is a float where the operator's schema says so.
 */
final class TextAttributes {
  /** Reads the subgraph of an attribute. */
  interface Subgraphs {
    /**
     * A subgraph.
     *
     * @param path place of the graph among the documented ones
     */
    SourceGraph read(OnnxTextParser.GraphContext graph, String path);
  }

  private final OpRegistry registry;
  private final TextTensors tensors;
  private final Subgraphs subgraphs;

  TextAttributes(OpRegistry registry, TextTensors tensors, Subgraphs subgraphs) {
    this.registry = registry;
    this.tensors = tensors;
    this.subgraphs = subgraphs;
  }

  /** The attributes of a node; none without a list. */
  Map<String, SourceAttribute> read(
      OnnxTextParser.@Nullable AttrListContext list, OpId op, String nodePath) {
    return list == null ? Map.of() : read(list.attr(), op, nodePath);
  }

  /** Attributes in order. */
  Map<String, SourceAttribute> read(
      List<OnnxTextParser.AttrContext> list, OpId op, String nodePath) {
    Map<String, SourceAttribute> attributes = new LinkedHashMap<>();
    for (var written : list) {
      String name = Spelling.nameOf(written.quotableId());
      if (name.isEmpty() || attributes.put(name, attribute(written, name, op, nodePath)) != null) {
        throw new SyntaxException(
            SourceRange.of(written.quotableId()),
            name.isEmpty()
                ? "found an empty name, expected the name of an attribute"
                : "found the attribute '" + name + "' twice, expected it once");
      }
    }
    return attributes;
  }

  private SourceAttribute attribute(
      OnnxTextParser.AttrContext written, String name, OpId op, String nodePath) {
    AttributeKind declared = declared(written);
    AttributeKind schema = schemaKind(op, name);
    var value = written.attrValue();
    if (value.primConstant() != null) {
      return plain(single(Literal.of(value.primConstant()), declared, schema));
    }
    if (value.structuredAttrValue() != null) {
      return structured(value.structuredAttrValue(), declared, name, nodePath);
    }
    var list = value.attrValueList();
    if (list.BRACKETED_LITERALS() != null) {
      return literals(LiteralList.of(list.BRACKETED_LITERALS()), declared, schema);
    }
    return structuredList(list, declared, name, nodePath);
  }

  private static @Nullable AttributeKind declared(OnnxTextParser.AttrContext written) {
    if (written.attrType() == null) {
      return null;
    }
    String text = written.attrType().id().getText();
    return AttributeKind.ofText(text)
        .orElseThrow(
            () ->
                new SyntaxException(
                    SourceRange.of(written.attrType().id()),
                    "found '"
                        + text
                        + "', expected a kind of attribute: int, float, string, tensor, graph,"
                        + " type_proto, or one of these with an s"));
  }

  private @Nullable AttributeKind schemaKind(OpId op, String name) {
    return registry
        .find(op)
        .flatMap(definition -> definition.schema().attribute(name))
        .map(Attribute::kind)
        .map(AttributeKind::of)
        .orElse(null);
  }

  private static AttributeValue single(
      Literal literal, @Nullable AttributeKind declared, @Nullable AttributeKind schema) {
    AttributeKind kind =
        declared != null
            ? declared
            : switch (literal.kind()) {
              case STRING -> AttributeKind.STRING;
              case FLOAT -> AttributeKind.FLOAT;
              case INTEGER ->
                  schema == AttributeKind.FLOAT ? AttributeKind.FLOAT : AttributeKind.INT;
            };
    return switch (kind) {
      case INT -> new AttributeValue.OfInt(literal.longValue());
      case FLOAT -> new AttributeValue.OfFloat(literal.floatValue());
      case STRING -> new AttributeValue.OfString(literal.stringValue());
      case TENSOR, TYPE_PROTO, GRAPH, INTS, FLOATS, STRINGS, TENSORS, TYPE_PROTOS, GRAPHS ->
          throw mismatch(literal.range(), "a literal", kind);
    };
  }

  private static SourceAttribute literals(
      LiteralList list, @Nullable AttributeKind declared, @Nullable AttributeKind schema) {
    AttributeKind kind = declared == null ? kindOf(list, schema) : declared;
    if (list.size() == 0 && kind == AttributeKind.GRAPHS) {
      return new SourceAttribute.OfGraphs(List.of());
    }
    if (list.size() > 0 && kind.ordinal() > AttributeKind.STRINGS.ordinal()) {
      throw mismatch(list.range(), "a list of literals", kind);
    }
    return plain(
        switch (kind) {
          case INTS -> new AttributeValue.OfInts(all(list.size(), list::longAt));
          case FLOATS -> new AttributeValue.OfFloats(all(list.size(), list::floatAt));
          case STRINGS -> new AttributeValue.OfStrings(all(list.size(), list::stringAt));
          case TENSORS -> new AttributeValue.OfTensors(List.of());
          case TYPE_PROTOS -> new AttributeValue.OfTypes(List.of());
          case INT, FLOAT, STRING, TENSOR, TYPE_PROTO, GRAPH, GRAPHS ->
              throw mismatch(list.range(), "a list", kind);
        });
  }

  private static AttributeKind kindOf(LiteralList list, @Nullable AttributeKind schema) {
    if (list.size() == 0 && schema != null && schema.isList()) {
      return schema;
    }
    if (list.kind() == LiteralKind.INTEGER) {
      return schema == AttributeKind.FLOATS ? AttributeKind.FLOATS : AttributeKind.INTS;
    }
    return list.kind() == LiteralKind.FLOAT ? AttributeKind.FLOATS : AttributeKind.STRINGS;
  }

  private SourceAttribute structured(
      OnnxTextParser.StructuredAttrValueContext value,
      @Nullable AttributeKind declared,
      String name,
      String nodePath) {
    if (value.attrRef() != null) {
      return new SourceAttribute.Reference(Spelling.nameOf(value.attrRef().quotableId()));
    }
    AttributeKind kind = kindOf(value);
    require(kind, declared, value);
    return switch (kind) {
      case TENSOR -> plain(new AttributeValue.OfTensor(tensor(value, name)));
      case TYPE_PROTO -> plain(new AttributeValue.OfType(TextTypes.required(value.type())));
      default ->
          new SourceAttribute.OfGraph(
              subgraphs.read(value.graph(), DocKeys.subgraph(nodePath, name, -1)));
    };
  }

  private SourceAttribute structuredList(
      OnnxTextParser.AttrValueListContext list,
      @Nullable AttributeKind declared,
      String name,
      String nodePath) {
    var values = list.structuredAttrValue();
    AttributeKind element = kindOf(values.getFirst());
    for (var value : values) {
      if (value.attrRef() != null || kindOf(value) != element) {
        throw new SyntaxException(
            SourceRange.of(value), "found another kind of value, expected a list of one kind");
      }
    }
    AttributeKind kind = AttributeKind.values()[element.ordinal() + AttributeKind.INTS.ordinal()];
    require(kind, declared, list);
    return switch (kind) {
      case TENSORS -> {
        List<Tensor> read = all(values.size(), i -> tensor(values.get(i), name));
        yield plain(new AttributeValue.OfTensors(read));
      }
      case TYPE_PROTOS -> {
        List<TensorType> read = all(values.size(), i -> TextTypes.required(values.get(i).type()));
        yield plain(new AttributeValue.OfTypes(read));
      }
      default ->
          new SourceAttribute.OfGraphs(
              all(
                  values.size(),
                  i -> subgraphs.read(values.get(i).graph(), DocKeys.subgraph(nodePath, name, i))));
    };
  }

  private Tensor tensor(OnnxTextParser.StructuredAttrValueContext value, String name) {
    var constant = value.tensorConstant();
    return tensors.tensor(
        constant.tensorType(), constant.constantData(), "attribute '" + name + "'");
  }

  private static AttributeKind kindOf(OnnxTextParser.StructuredAttrValueContext value) {
    if (value.tensorConstant() != null) {
      return AttributeKind.TENSOR;
    }
    return value.type() == null ? AttributeKind.GRAPH : AttributeKind.TYPE_PROTO;
  }

  private static void require(
      AttributeKind kind,
      @Nullable AttributeKind declared,
      org.antlr.v4.runtime.ParserRuleContext value) {
    if (declared != null && declared != kind) {
      throw mismatch(SourceRange.of(value), kind.text(), declared);
    }
  }

  private static SyntaxException mismatch(SourceRange range, String found, AttributeKind expected) {
    return new SyntaxException(range, "found " + found + ", expected " + expected.text());
  }

  private static SourceAttribute plain(AttributeValue value) {
    return new SourceAttribute.Plain(value);
  }

  private static <T> List<T> all(int count, IntFunction<T> get) {
    List<T> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(get.apply(i));
    }
    return values;
  }
}
