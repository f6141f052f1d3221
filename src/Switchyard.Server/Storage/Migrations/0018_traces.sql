-- From a Delivery to its Signals, and from what waits to the Evaluations that went in: the way forward through a trace.
create index signals_delivery on signals (delivery_id) where delivery_id is not null;
create index evaluations_pending on evaluations (pending_id) where pending_id is not null;
