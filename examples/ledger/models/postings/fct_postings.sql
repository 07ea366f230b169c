{{ trustgate.mart() }}
