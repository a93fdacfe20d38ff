/** Reads models into graphs, rewrites them under contracts, quantizes and lowers them. */
module dev.fixpoint.compiler {
  requires com.google.protobuf;
  requires dev.fixpoint.grammar;
  requires static net.jqwik.api;
  requires static transitive org.jspecify;

  exports dev.fixpoint;
  exports dev.fixpoint.analysis;
  exports dev.fixpoint.bound;
  exports dev.fixpoint.calibration;
  exports dev.fixpoint.ir;
  exports dev.fixpoint.onnx;
  exports dev.fixpoint.op;
  exports dev.fixpoint.op.quant;
  exports dev.fixpoint.op.standard;
  exports dev.fixpoint.pass;
  exports dev.fixpoint.report;
  exports dev.fixpoint.rewrite;
  exports dev.fixpoint.rulelang;
  exports dev.fixpoint.tensor;
  exports dev.fixpoint.testing;
  exports dev.fixpoint.testing.jqwik;
  exports dev.fixpoint.transform;
  exports dev.fixpoint.transform.fold;
  exports dev.fixpoint.transform.fuse;
  exports dev.fixpoint.transform.improve;
  exports dev.fixpoint.transform.quantize;
  exports dev.fixpoint.transform.weights;

  uses dev.fixpoint.rulelang.RuleLibrary;
}
