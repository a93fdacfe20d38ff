package dev.fixpoint.onnx.internal;

import dev.fixpoint.ir.Graph;
import dev.fixpoint.ir.GraphBody;
import dev.fixpoint.ir.ModelException;
import dev.fixpoint.ir.ModelInfo;
import dev.fixpoint.ir.NameAuthority;
import dev.fixpoint.ir.Node;
import dev.fixpoint.ir.Provenance;
import dev.fixpoint.ir.Value;
import dev.fixpoint.onnx.internal.SourceGraph.Declaration;
import dev.fixpoint.op.AttributeValue;
import dev.fixpoint.op.Body;
import dev.fixpoint.op.OpDefinition;
import dev.fixpoint.op.OpId;
import dev.fixpoint.op.OpaqueOp;
import dev.fixpoint.tensor.Tensor;
import dev.fixpoint.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a graph of a model as it is written: connects names, turns Constant nodes into
 * initializers, inlines functions, and lifts operators to the forms of opset {@value
 * OpsetImporter#OPSET}.
 */
public final class GraphAssembler {
  private static final Set<OpId> VARIADIC =
      Set.of(OpId.of("Split"), OpId.of("If"), OpId.of("Loop"), OpId.of("Scan"));

  private final AssemblyOptions options;
  private final ModelInfo info;
  private final FunctionTable functions;
  private final FunctionInliner inliner;
  private final SourceNames sourceNames;
  private final NameAuthority names;
  private final OpsetImporter importer = new OpsetImporter(this);
  private final KnownTypes types;
  private final Map<OpId, OpDefinition> opaque = new HashMap<>();

  private GraphAssembler(SourceModel model, AssemblyOptions options) {
    this.options = options;
    this.functions = new FunctionTable(model.functions());
    this.info = OpsetsNeeded.infoAfter(model, functions);
    this.sourceNames = new SourceNames(model);
    this.names = new NameAuthority(sourceNames.given());
    this.inliner = new FunctionInliner(this, names);
    this.types =
        new KnownTypes(
            OpsetsNeeded.oldest(model) < OpsetImporter.TYPED || sourceNames.hasSubgraphs());
  }

  /**
   * The graph of a model.
   *
   * @throws ModelException if names, opsets, functions or types contradict each other
   */
  public static Graph assemble(SourceModel model, AssemblyOptions options) {
    OpsetImporter.requireKnown(model);
    GraphAssembler assembler = new GraphAssembler(model, options);
    Frame frame = new Frame(null);
    Scope scope = Scope.ofModel(frame, model.info().opsets());
    assembler.fill(model.graph(), scope, "graph '" + model.graph().name() + "'");
    return frame.graph(model.graph().name(), assembler.info, assembler.types);
  }

  private void fill(SourceGraph graph, Scope scope, String place) {
    Frame frame = scope.frame();
    graph.initializers().forEach((name, tensor) -> addConstant(define(name, scope), tensor, scope));
    for (Declaration input : graph.inputs()) {
      if (graph.initializers().containsKey(input.name())) {
        continue;
      }
      if (scope.defines(input.name())) {
        throw new ModelException(
            "two inputs of " + place + " are named '" + input.name() + "'; give each its own name");
      }
      Value value = define(input.name(), scope);
      frame.addInput(value);
      declare(value, input.type(), scope);
    }
    for (SourceNode node : graph.nodes()) {
      for (String output : node.outputs()) {
        if (!output.isEmpty()) {
          requireNew(output, node.describe(), scope);
          frame.own(define(output, scope));
        }
      }
    }
    declareTypes(graph, scope);
    graph.nodes().forEach(node -> add(node, scope));
    for (Declaration output : graph.outputs()) {
      if (!scope.knows(output.name())) {
        throw new ModelException(
            "output '"
                + output.name()
                + "' of "
                + place
                + " is made by no node, input or initializer; add it or fix the name");
      }
      Value value = scope.value(output.name());
      if (value != null) {
        frame.addOutput(value);
      }
    }
  }

  private Value define(String name, Scope scope) {
    // Names in functions repeat with every call; elsewhere the file's own names are kept.
    Value value = new Value(scope.call() == null ? name : names.unique(name));
    scope.define(name, value);
    return value;
  }

  static void requireNew(String name, String place, Scope scope) {
    if (scope.defines(name)) {
      throw new ModelException(
          place + ": '" + name + "' is made in two places; give each its own name");
    }
  }

  private void declareTypes(SourceGraph graph, Scope scope) {
    for (List<Declaration> declarations : List.of(graph.declared(), graph.outputs())) {
      for (Declaration declaration : declarations) {
        Value value = scope.defines(declaration.name()) ? scope.value(declaration.name()) : null;
        if (value != null && scope.frame().constant(value) == null) {
          declare(value, declaration.type(), scope);
        }
      }
    }
  }

  private void declare(Value value, TensorType type, Scope scope) {
    scope.frame().declare(value, type);
    types.declare(value, type);
  }

  /** Adds a constant. */
  void addConstant(Value value, Tensor tensor, Scope scope) {
    scope.frame().addInitializer(value, tensor);
    types.constant(value, tensor);
  }

  /** A new value named after the first output of a node. */
  Value newValue(NodeDraft node, String hint, Scope scope) {
    String base = node.outputs().isEmpty() ? node.op().name() : node.outputs().getFirst().name();
    Value value = new Value(names.unique(base + "_" + hint));
    scope.frame().own(value);
    return value;
  }

  /** What is known of types so far. */
  KnownTypes types() {
    return types;
  }

  /** Adds what a written node stands for. */
  void add(SourceNode node, Scope scope) {
    Map<String, AttributeValue> attributes = attributes(node.attributes(), node.describe(), scope);
    SourceFunction function = functions.find(node);
    if (function != null) {
      inliner.inline(function, node, attributes, scope);
      return;
    }
    if (node.op().equals(ConstantNodes.CONSTANT)) {
      List<Value> outputs = outputs(node, scope);
      if (outputs.size() != 1 || !node.inputs().isEmpty()) {
        throw new ModelException(node.describe() + " needs no inputs and one output");
      }
      addConstant(outputs.getFirst(), ConstantNodes.tensor(attributes, node.describe()), scope);
      return;
    }
    List<Value> outputs = outputs(node, scope);
    if (outputs.isEmpty() && options.registry().find(node.op()).isPresent()) {
      throw new ModelException(node.describe() + " makes nothing; name its output or remove it");
    }
    List<Boolean> read =
        node.outputs().subList(0, outputs.size()).stream().map(sourceNames::isRead).toList();
    NodeDraft draft =
        new NodeDraft(
            node.name(),
            node.docString(),
            node.op(),
            attributes,
            inputs(node, scope),
            outputs,
            read);
    importer.lift(draft, scope);
  }

  /** Adds a node in its final form. */
  void emit(NodeDraft draft, Scope scope) {
    Node node =
        new Node(
            draft.name(),
            definition(draft),
            draft.attributes(),
            draft.inputs(),
            draft.outputs(),
            draft.name().isEmpty() ? Provenance.NONE : Provenance.source(draft.name()),
            draft.docString());
    scope.frame().addNode(node);
    types.visit(node);
  }

  private OpDefinition definition(NodeDraft draft) {
    return options
        .registry()
        .find(draft.op())
        .orElseGet(
            () -> {
              if (!options.keepUnknown()) {
                throw new ModelException(
                    draft.describe()
                        + ": operator "
                        + draft.op()
                        + " has no definition here; register one, or read with unknown operators"
                        + " kept");
              }
              return opaque.computeIfAbsent(draft.op(), OpaqueOp::new);
            });
  }

  private List<@Nullable Value> inputs(SourceNode node, Scope scope) {
    List<@Nullable Value> inputs = new ArrayList<>(node.inputs().size());
    for (String name : node.inputs()) {
      inputs.add(name.isEmpty() ? null : value(name, node, scope));
    }
    return inputs;
  }

  /** The value that a node reads under a name. */
  static @Nullable Value value(String name, SourceNode node, Scope scope) {
    if (!scope.knows(name)) {
      throw new ModelException(
          node.describe()
              + ": reads '"
              + name
              + "', which no node, input or initializer makes; add it or fix the name");
    }
    return scope.value(name);
  }

  /**
   * The values that a node makes. One without a name gets one, unless it stands at the end and the
   * number of outputs means nothing.
   */
  private List<Value> outputs(SourceNode node, Scope scope) {
    int count = node.outputs().size();
    while (count > 0 && node.outputs().get(count - 1).isEmpty() && !VARIADIC.contains(node.op())) {
      count--;
    }
    List<Value> outputs = new ArrayList<>(count);
    for (String name : node.outputs().subList(0, count)) {
      Value value = name.isEmpty() ? null : scope.value(name);
      if (value == null) {
        value = new Value(names.unique("unused"));
        scope.frame().own(value);
      }
      outputs.add(value);
    }
    return outputs;
  }

  /**
   * The attributes with subgraphs assembled and references to the attributes of a call resolved.
   */
  Map<String, AttributeValue> attributes(
      Map<String, SourceAttribute> written, String place, Scope scope) {
    Map<String, AttributeValue> attributes = new LinkedHashMap<>();
    written.forEach(
        (name, attribute) -> {
          AttributeValue value =
              switch (attribute) {
                case SourceAttribute.Plain plain -> plain.value();
                case SourceAttribute.OfGraph graph ->
                    new AttributeValue.OfGraph(body(graph.graph(), scope));
                case SourceAttribute.OfGraphs graphs ->
                    new AttributeValue.OfGraphs(
                        graphs.graphs().stream().map(graph -> body(graph, scope)).toList());
                case SourceAttribute.Reference reference ->
                    FunctionInliner.attribute(reference, name, place, scope);
              };
          if (value != null) {
            attributes.put(name, value);
          }
        });
    return attributes;
  }

  private Body body(SourceGraph graph, Scope scope) {
    Frame frame = new Frame(scope.frame());
    fill(graph, scope.ofSubgraph(frame), "subgraph '" + graph.name() + "'");
    return new GraphBody(frame.graph(graph.name(), subgraphInfo(graph), types));
  }

  private ModelInfo subgraphInfo(SourceGraph graph) {
    ModelInfo plain = ModelInfo.DEFAULT;
    return new ModelInfo(
        info.irVersion(),
        info.opsets(),
        plain.producerName(),
        plain.producerVersion(),
        plain.domain(),
        plain.modelVersion(),
        plain.docString(),
        graph.docString(),
        plain.metadata());
  }
}
