"""The organisation: a city, metropolitan or functional area, region or agency, admitted to the programme or not."""
