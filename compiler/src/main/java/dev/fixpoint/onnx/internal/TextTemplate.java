package dev.fixpoint.onnx.internal;

import dev.fixpoint.grammar.OnnxTextParsing;
import dev.fixpoint.grammar.SourceText;
import dev.fixpoint.grammar.SyntaxException;
import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.onnx.internal.SourceGraph.Declaration;
import dev.fixpoint.tensor.Dimension;
import dev.fixpoint.tensor.Shape;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph in ONNX text of which some sizes have only names, and some constants only types: a value
 * that is declared and that nothing makes. Given both, it is a graph.
 */
public final class TextTemplate {
  private final SourceModel model;
  private final AssemblyOptions options;
  private final Map<String, TensorType> constants = new LinkedHashMap<>();

  private TextTemplate(SourceModel model, AssemblyOptions options) {
    this.model = model;
    this.options = options;
    Set<String> made = new HashSet<>(model.graph().initializers().keySet());
    model.graph().inputs().forEach(input -> made.add(input.name()));
    model.graph().nodes().forEach(node -> made.addAll(node.outputs()));
    for (Declaration declaration : model.graph().declared()) {
      if (!made.contains(declaration.name())) {
        constants.put(declaration.name(), declaration.type());
      }
    }
  }

  /**
   * The template that a text is.
   *
   * @param name name of the text, for messages
   * @throws ModelException if it is none; the message begins with the place
   */
  public static TextTemplate parse(String name, String text, AssemblyOptions options) {
    try {
      TextSource reader = new TextSource(options.registry(), new ExternalData(null));
      return new TextTemplate(
          reader.model(OnnxTextParsing.parseModel(new SourceText(name, text))), options);
    } catch (SyntaxException e) {
      throw new ModelException(e.range() + ": " + e.problem(), e);
    }
  }

  /** The names of sizes of inputs and constants: those of other values follow from them. */
  public Set<String> sizes() {
    Set<String> names = new LinkedHashSet<>();
    model.graph().inputs().forEach(input -> addSizes(input.type(), names));
    constants.values().forEach(type -> addSizes(type, names));
    return names;
  }

  private static void addSizes(TensorType type, Set<String> names) {
    if (type.shape().isRanked()) {
      for (Dimension dimension : type.shape().dimensions()) {
        if (dimension instanceof Dimension.Symbolic symbolic) {
          names.add(symbolic.name());
        }
      }
    }
  }

  /** The types of the constants without values, by name. */
  public Map<String, TensorType> constants() {
    return Map.copyOf(constants);
  }

  /** A type with names of sizes replaced; one that is not given stays. */
  public static TensorType with(TensorType type, Map<String, Long> sizes) {
    if (!type.shape().isRanked()) {
      return type;
    }
    List<Dimension> dimensions = new ArrayList<>();
    for (Dimension dimension : type.shape().dimensions()) {
      Long size = dimension instanceof Dimension.Symbolic named ? sizes.get(named.name()) : null;
      dimensions.add(size == null ? dimension : Dimension.of(size));
    }
    return type.withShape(Shape.of(dimensions));
  }

  /**
   * The graph for sizes and constants.
   *
   * @throws ModelException if it is none, as where sizes do not fit each other
   */
  public Graph graph(Map<String, Long> sizes, Map<String, Tensor> values) {
    SourceGraph written = model.graph();
    Map<String, Tensor> initializers = new LinkedHashMap<>(written.initializers());
    initializers.putAll(values);
    SourceGraph graph =
        new SourceGraph(
            written.name(),
            written.docString(),
            with(written.inputs(), sizes),
            with(written.outputs(), sizes),
            with(written.declared(), sizes),
            initializers,
            written.nodes());
    return GraphAssembler.assemble(
        new SourceModel(model.info(), graph, model.functions()), options);
  }

  private static List<Declaration> with(List<Declaration> declarations, Map<String, Long> sizes) {
    return declarations.stream()
        .map(declared -> new Declaration(declared.name(), with(declared.type(), sizes)))
        .toList();
  }
}
