package dev.fixpoint.onnx.internal;

import dev.fixpoint.grammar.OnnxNames;
import dev.fixpoint.grammar.OnnxTextParser;
import dev.fixpoint.grammar.SourceRange;
import dev.fixpoint.grammar.Spelling;
import dev.fixpoint.grammar.SyntaxException;
import dev.fixpoint.ir.ModelInfo;
import dev.fixpoint.onnx.internal.SourceGraph.Declaration;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpRegistry;
import dev.fixpoint.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the parse tree of ONNX text into a {@link SourceModel}. For one text. */
final class TextSource {
  private final TextTensors tensors;
  private final TextAttributes attributes;
  private final Map<String, SourceRange> places = new HashMap<>();
  private Map<String, String> properties = Map.of();
  private final Set<String> docKeys = new LinkedHashSet<>();

  TextSource(OpRegistry registry, ExternalData external) {
    this.tensors = new TextTensors(external);
    this.attributes = new TextAttributes(registry, tensors, this::subgraph);
  }

  /**
   * The model as it is written. A text without a header is of the opset whose forms graphs hold,
   * and of version 1 of every other domain.
   *
   * @throws SyntaxException if a part contradicts itself or cannot be kept
   */
  SourceModel model(OnnxTextParser.ModelContext text) {
    ModelInfo info = info(text);
    properties = info.metadata();
    requireTensors(text.graph());
    SourceGraph graph = graph(text.graph(), DocKeys.MAIN);
    List<SourceFunction> functions = new ArrayList<>();
    text.function().forEach(function -> functions.add(function(function, info.opsets())));
    Map<String, String> metadata = new LinkedHashMap<>(properties);
    metadata.keySet().removeAll(docKeys);
    return new SourceModel(
        new ModelInfo(
            info.irVersion(),
            info.opsets(),
            info.producerName(),
            info.producerVersion(),
            info.domain(),
            info.modelVersion(),
            info.docString(),
            graph.docString(),
            metadata),
        graph,
        functions);
  }

  /** What the header says. */
  static ModelInfo info(OnnxTextParser.ModelContext text) {
    TextHeader header = TextHeader.ofModel(text.otherDataList());
    return new ModelInfo(
        header.integer("ir_version"),
        text.otherDataList() == null ? ModelInfo.DEFAULT.opsets() : header.opsets(),
        header.string("producer_name"),
        header.string("producer_version"),
        header.string("domain"),
        header.integer("model_version"),
        header.string("doc_string"),
        "",
        header.properties());
  }

  /**
   * Where the node stands whose description begins a message; null where none does.
   *
   * @param message of the assembler or of type inference, which know no places
   */
  @Nullable SourceRange place(String message) {
    String found = null;
    for (String description : places.keySet()) {
      if (message.startsWith(description)
          && (found == null || description.length() > found.length())) {
        found = description;
      }
    }
    return found == null ? null : places.get(found);
  }

  private static void requireTensors(OnnxTextParser.GraphContext graph) {
    if (graph.inputList() != null && graph.inputList().valueInfoOrInitializers() != null) {
      graph
          .inputList()
          .valueInfoOrInitializers()
          .valueInfoOrInitializer()
          .forEach(input -> requireTensor(input.type(), "graph input"));
    }
    if (graph.outputList().valueInfos() != null) {
      graph
          .outputList()
          .valueInfos()
          .valueInfo()
          .forEach(output -> requireTensor(output.type(), "graph output"));
    }
  }

  private static void requireTensor(OnnxTextParser.@Nullable TypeContext type, String kind) {
    if (type != null && type.tensorType() == null) {
      throw new SyntaxException(
          SourceRange.of(type),
          "found a "
              + kind
              + " that is no tensor; cut the graph so that only tensors go in and"
              + " out");
    }
  }

  private SourceGraph subgraph(OnnxTextParser.GraphContext text, String path) {
    return graph(text, path);
  }

  private SourceGraph graph(OnnxTextParser.GraphContext text, String path) {
    List<Declaration> inputs = new ArrayList<>();
    List<Declaration> declared = new ArrayList<>();
    Map<String, Tensor> initializers = new LinkedHashMap<>();
    if (text.inputList() != null) {
      values(text.inputList().valueInfoOrInitializers(), inputs, initializers, true);
    }
    if (text.initializerList() != null) {
      values(text.initializerList().valueInfoOrInitializers(), declared, initializers, false);
    }
    List<Declaration> outputs = new ArrayList<>();
    if (text.outputList().valueInfos() != null) {
      for (var output : text.outputList().valueInfos().valueInfo()) {
        outputs.add(new Declaration(name(output.quotableId()), TextTypes.declared(output.type())));
      }
    }
    return new SourceGraph(
        Spelling.nameOf(text.quotableId()),
        doc(path),
        inputs,
        outputs,
        declared,
        initializers,
        nodes(text.nodeList(), path));
  }

  /** Declared values and constants; a constant among the inputs is one of them as well. */
  private void values(
      OnnxTextParser.@Nullable ValueInfoOrInitializersContext list,
      List<Declaration> declarations,
      Map<String, Tensor> initializers,
      boolean inputs) {
    if (list == null) {
      return;
    }
    for (var value : list.valueInfoOrInitializer()) {
      String name = name(value.quotableId());
      if (value.constantData() == null) {
        declarations.add(new Declaration(name, TextTypes.declared(value.type())));
        continue;
      }
      Tensor tensor =
          tensors.tensor(value.tensorType(), value.constantData(), "initializer '" + name + "'");
      if (initializers.put(name, tensor) != null) {
        throw new SyntaxException(
            SourceRange.of(value.quotableId()),
            "found the initializer '" + name + "' twice, expected it once");
      }
      if (inputs) {
        declarations.add(new Declaration(name, tensor.type()));
      }
    }
  }

  private static String name(OnnxTextParser.QuotableIdContext written) {
    String name = Spelling.nameOf(written);
    if (name.isEmpty()) {
      throw new SyntaxException(
          SourceRange.of(written), "found an empty name, expected the name of a value");
    }
    return name;
  }

  private List<SourceNode> nodes(OnnxTextParser.NodeListContext list, String graphPath) {
    List<SourceNode> nodes = new ArrayList<>(list.node().size());
    list.node().forEach(node -> nodes.add(node(node, graphPath)));
    return nodes;
  }

  private SourceNode node(OnnxTextParser.NodeContext text, String graphPath) {
    String operator = OnnxNames.operatorOf(text.operator());
    if (operator.isEmpty()) {
      throw new SyntaxException(
          SourceRange.of(text.operator()), "found an empty name, expected an operator");
    }
    OpId op = new OpId(OnnxNames.domainOf(text.operator()), operator);
    List<String> outputs = OnnxNames.namesIn(text.quotableIdList());
    String path = DocKeys.node(graphPath, outputs.isEmpty() ? "" : outputs.getFirst());
    SourceNode node =
        new SourceNode(
            label(text.nodeLabel()),
            op,
            text.overload() == null ? "" : Spelling.nameOf(text.overload().quotableId()),
            OnnxNames.namesIn(text.nodeInputs().quotableIdList()),
            outputs,
            attributes.read(text.attrList(), op, path),
            doc(path));
    places.putIfAbsent(node.describe(), SourceRange.of(text));
    return node;
  }

  private static String label(OnnxTextParser.@Nullable NodeLabelContext label) {
    return label == null || label.quotableId() == null ? "" : Spelling.nameOf(label.quotableId());
  }

  private String doc(String path) {
    String key = DocKeys.key(path);
    String doc = properties.get(key);
    if (doc == null) {
      return "";
    }
    docKeys.add(key);
    return doc;
  }

  private SourceFunction function(
      OnnxTextParser.FunctionContext text, Map<String, Long> modelOpsets) {
    TextHeader header = TextHeader.ofFunction(text.otherDataList());
    String name = Spelling.nameOf(text.quotableId());
    if (name.isEmpty()) {
      throw new SyntaxException(
          SourceRange.of(text.quotableId()), "found an empty name, expected that of a function");
    }
    OpId op = new OpId(header.string("domain"), name);
    List<OnnxTextParser.AttrContext> defaults = new ArrayList<>();
    if (text.funAttrList() != null) {
      for (var attribute : text.funAttrList().funAttr()) {
        if (attribute.attr() != null) {
          defaults.add(attribute.attr());
        }
      }
    }
    String path = "function " + op;
    return new SourceFunction(
        op,
        header.string("overload"),
        names(text.funInputList().idOrValueInfos()),
        names(text.funOutputList().idOrValueInfos()),
        attributes.read(defaults, op, path),
        nodes(text.nodeList(), path),
        header.has("opset_import") ? header.opsets() : modelOpsets);
  }

  private static List<String> names(OnnxTextParser.@Nullable IdOrValueInfosContext list) {
    return list == null
        ? List.of()
        : list.idOrValueInfo().stream().map(value -> name(value.quotableId())).toList();
  }
}
