package dev.fixpoint.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class OnnxTextParsingTest {

  private static final String MODEL =
      """
      <ir_version: 10, opset_import: ["" : 21, "com.microsoft" : 1], doc_string: "a \\"doc\\"">
      net (float[N, 3, "height / 2", ?] x, float[1] c = {0.5}, raw) => (float y)
      <float[2] w = {1, -0.5}, float[2] e = ["location" : "w.bin"], float t>
      {
        [first] t, , u = com.microsoft.Fused:fast <axis = -1, alpha : float = @a> (x, , "w 2",)
        y = If (t) <then_branch = yes () => (z) { z = Neg(u) }>
      }
      <domain: "local"> f <a, b = 2> (p, int64 q) => (r) { r = Add(p, q) }
      """;

  private final OnnxTextParser.ModelContext model =
      OnnxTextParsing.parseModel(new SourceText("net.onnxtxt", MODEL));

  @Test
  void headerKeepsKeysAndValues() {
    var header = model.otherDataList().otherData();

    assertThat(header)
        .extracting(data -> data.id().getText())
        .containsExactly("ir_version", "opset_import", "doc_string");
    assertThat(Literal.of(header.get(0).value()).longValue()).isEqualTo(10);
    assertThat(header.get(1).value().opsetImportList().opsetImport())
        .extracting(i -> Spelling.nameOf(i.quotedStr()) + "@" + i.intConstant().getText())
        .containsExactly("@21", "com.microsoft@1");
    assertThat(Literal.of(header.get(2).value()).stringValue()).isEqualTo("a \"doc\"");
  }

  @Test
  void inputsKeepTypesAndValues() {
    var inputs = model.graph().inputList().valueInfoOrInitializers().valueInfoOrInitializer();

    var dims = inputs.get(0).type().tensorType().tensorDims().tensorDim();
    assertThat(dims).extracting(d -> d.getText()).containsExactly("N", "3", "\"height / 2\"", "?");
    assertThat(Spelling.nameOf(dims.get(2).quotableId())).isEqualTo("height / 2");
    assertThat(LiteralList.of(inputs.get(1).constantData().internalData()).floatAt(0))
        .isEqualTo(0.5f);
    assertThat(inputs.get(2).type()).isNull();
  }

  @Test
  void initializersKeepValuesOrThePlaceOfTheirData() {
    var list = model.graph().initializerList().valueInfoOrInitializers().valueInfoOrInitializer();

    assertThat(LiteralList.of(list.get(0).constantData().internalData()).doubleAt(1))
        .isEqualTo(-0.5);
    var external = list.get(1).constantData().externalData().strStrList().strStr(0);
    assertThat(Spelling.nameOf(external.quotedStr(0))).isEqualTo("location");
    assertThat(Spelling.nameOf(external.quotedStr(1))).isEqualTo("w.bin");
    assertThat(list.get(2).constantData()).isNull();
  }

  @Test
  void nodeKeepsLabelOperatorAttributesAndOmittedNames() {
    var node = model.graph().nodeList().node(0);

    assertThat(Spelling.nameOf(node.nodeLabel().quotableId())).isEqualTo("first");
    assertThat(OnnxNames.domainOf(node.operator())).isEqualTo("com.microsoft");
    assertThat(OnnxNames.operatorOf(node.operator())).isEqualTo("Fused");
    assertThat(Spelling.nameOf(node.overload().quotableId())).isEqualTo("fast");
    assertThat(OnnxNames.namesIn(node.quotableIdList())).containsExactly("t", "", "u");
    assertThat(OnnxNames.namesIn(node.nodeInputs().quotableIdList()))
        .containsExactly("x", "", "w 2");
    var attributes = node.attrList().attr();
    assertThat(Literal.of(attributes.get(0).attrValue().primConstant()).longValue()).isEqualTo(-1);
    assertThat(attributes.get(1).attrType().id().getText()).isEqualTo("float");
    assertThat(attributes.get(1).attrValue().structuredAttrValue().attrRef()).isNotNull();
  }

  @Test
  void attributesMayFollowTheInputsAndContainGraphs() {
    var node = model.graph().nodeList().node(1);

    var branch = node.attrList().attr(0).attrValue().structuredAttrValue().graph();

    assertThat(Spelling.nameOf(branch.quotableId())).isEqualTo("yes");
    assertThat(branch.nodeList().node()).hasSize(1);
  }

  @Test
  void functionKeepsAttributesWithAndWithoutDefault() {
    var function = model.function(0);

    assertThat(Spelling.nameOf(function.quotableId())).isEqualTo("f");
    var attributes = function.funAttrList().funAttr();
    assertThat(Spelling.nameOf(attributes.get(0).quotableId())).isEqualTo("a");
    assertThat(Spelling.nameOf(attributes.get(1).attr().quotableId())).isEqualTo("b");
    var inputs = function.funInputList().idOrValueInfos().idOrValueInfo();
    assertThat(inputs.get(0).type()).isNull();
    assertThat(inputs.get(1).type().tensorType().primType().getText()).isEqualTo("int64");
  }

  @Test
  void rangesAreWhereThingsStand() {
    var node = model.graph().nodeList().node(0);

    SourceRange range = SourceRange.of(node.operator());

    assertThat(range).hasToString("net.onnxtxt:5:20");
    assertThat(MODEL.substring(range.start(), range.end())).isEqualTo("com.microsoft.Fused");
  }

  @Test
  void rangeOfNothingIsEmpty() {
    var slot = model.graph().nodeList().node(0).nodeInputs().quotableIdList().idSlot(1);

    SourceRange range = SourceRange.of(slot);

    assertThat(range.end()).isEqualTo(range.start());
    assertThat(MODEL.charAt(range.start())).isEqualTo(',');
  }

  @Test
  void omittedNamesAreEmptyAndTheLastCommaEndsTheList() {
    assertThat(inputsOf("Op()")).isEmpty();
    assertThat(inputsOf("Op(x)")).containsExactly("x");
    assertThat(inputsOf("Op(x,)")).containsExactly("x");
    assertThat(inputsOf("Op(,)")).containsExactly("");
    assertThat(inputsOf("Op(\"\")")).containsExactly("");
    assertThat(inputsOf("Op(,x)")).containsExactly("", "x");
    assertThat(inputsOf("Op(x,,)")).containsExactly("x", "");
    assertThat(inputsOf("Op(x,\"\",y)")).containsExactly("x", "", "y");
  }

  private static List<String> inputsOf(String operation) {
    var nodes = OnnxTextParsing.parseNodes(new SourceText("node", "y = " + operation));
    return OnnxNames.namesIn(nodes.node(0).nodeInputs().quotableIdList());
  }

  @Test
  void partsOfDomainsMayBeQuoted() {
    var nodes = OnnxTextParsing.parseNodes(new SourceText("n", "y = \"my-domain\".\"1\".Op()"));

    assertThat(OnnxNames.domainOf(nodes.node(0).operator())).isEqualTo("my-domain.1");
    assertThat(OnnxNames.operatorOf(nodes.node(0).operator())).isEqualTo("Op");
  }

  @Test
  void opaqueTypesHaveNamesWithDots() {
    var graph = OnnxTextParsing.parseGraph(new SourceText("g", "g (opaque(a.b, c) x) => () {}"));
    var input = graph.inputList().valueInfoOrInitializers().valueInfoOrInitializer(0);

    var opaque = input.type().opaqueType();

    assertThat(OnnxNames.nameOf(opaque.qualifiedId())).isEqualTo("a.b");
    assertThat(opaque.id().getText()).isEqualTo("c");
  }

  @Test
  void emptyTextHasNoNodesAndNoFunctionsButIsNoGraph() {
    var empty = new SourceText("empty", "");

    assertThat(OnnxTextParsing.parseNodes(empty).node()).isEmpty();
    assertThat(OnnxTextParsing.parseFunctions(empty).function()).isEmpty();
    assertThatThrownBy(() -> OnnxTextParsing.parseGraph(empty))
        .isInstanceOf(SyntaxException.class)
        .hasMessage("empty:1:1: found the end of the text, expected a name");
    assertThatThrownBy(() -> OnnxTextParsing.parseModel(empty))
        .isInstanceOf(SyntaxException.class)
        .hasMessage("empty:1:1: found the end of the text, expected a name or '<'");
  }

  @Test
  void graphAloneHasNoHeader() {
    var withHeader = new SourceText("g", "<ir_version: 8> g () => () {}");

    assertThatThrownBy(() -> OnnxTextParsing.parseGraph(withHeader))
        .hasMessage("g:1:1: found '<', expected a name");
  }
}
