-- So that the dead are counted without going over all Deliveries; there are few, and others are not in it.
create index deliveries_dead on deliveries (id) where state = 'Dead';
